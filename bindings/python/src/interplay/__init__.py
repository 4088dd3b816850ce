"""A recommender that a product carries inside: AutoInt and its peers, learned and served in process.

    from interplay import AutoInt

    model = AutoInt(epochs=5)
    model.fit(user_ids=users, item_ids=movies, ratings=ratings)
    model.predict(user_id=1, item_id=10)
    model.recommend(user_id=1, top_k=10)

Model, Dataset, Table, Scorer and Assembly are the nouns of the C ABI, with all that it does. Every failure is an interplay.Error.
interplay.sklearn has estimators for scikit-learn, interplay.onnx the way out, from_tensors the way in (from PyTorch, say).
"""
from ._abi import Cell, Type
from ._dataset import Dataset
from ._engines import FM, AutoInt, Popularity
from ._model import Model, engine, engines, file_info, load_engine, version
from ._run import Monitor
from ._table import Table
from .assembly import Assembly, from_tensors
from .errors import (
    BadDataError,
    CancelledError,
    CorruptError,
    Error,
    IncompatibleError,
    InternalError,
    InvalidArgumentError,
    InvalidStateError,
    IOError,
    MissingFileError,
    NoMemoryError,
    NotFoundError,
    Status,
    UnsupportedError,
)
from .explanation import Explanation
from .history import History
from .recommender import Recommender
from .scorer import Scorer

__all__ = [
    "FM", "Assembly", "AutoInt", "BadDataError", "CancelledError", "Cell", "CorruptError", "Dataset", "Error", "Explanation", "History",
    "IOError", "IncompatibleError", "InternalError", "InvalidArgumentError", "InvalidStateError", "MissingFileError", "Model",
    "Monitor", "NoMemoryError", "NotFoundError", "Popularity", "Recommender", "Scorer", "Status", "Table", "Type", "UnsupportedError",
    "engine", "engines", "file_info", "from_tensors", "load_engine", "version",
]
__version__ = version()
