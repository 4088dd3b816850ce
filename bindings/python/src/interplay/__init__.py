"""A recommender that a product carries inside: AutoInt and its peers, learned and served in process.

    from interplay import AutoInt

    model = AutoInt(epochs=5)
    model.fit(user_ids=users, item_ids=movies, ratings=ratings)
    model.predict(user_id=1, item_id=10)
    model.recommend(user_id=1, top_k=10)

Model, Dataset, Table, Scorer and Assembly are the C ABI's nouns, with all that it does.
"""
from ._abi import Cell, Type
from ._dataset import Dataset
from ._model import Model, engine, engines, file_info, version
from ._run import Monitor
from ._table import Table
from .assembly import Assembly
from .errors import (BadDataError, CancelledError, CorruptError, Error, IncompatibleError, InternalError, InvalidArgumentError,
                     InvalidStateError, IOError, MissingFileError, NoMemoryError, NotFoundError, Status, UnsupportedError)
from .explanation import Explanation
from .scorer import Scorer

__version__ = version()
