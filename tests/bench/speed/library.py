"""The C ABI through ctypes, and the C helpers of this folder, compiled against the library when the benchmark starts."""
import ctypes as c
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, os.pardir, os.pardir, os.pardir))
INT64, FLOAT32 = 1, 3
PROGRESS = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.c_char_p)


class Caller(c.Structure):
    """struct bench_caller of loops.c"""
    _fields_ = [("model", c.c_void_p), ("n_fields", c.c_int64), ("names", c.POINTER(c.c_char_p)),
                ("columns", c.POINTER(c.c_void_p)), ("rows", c.c_int64), ("scores", c.c_void_p), ("message", c.c_char_p),
                ("scorer", c.c_void_p), ("cells", c.c_void_p), ("heap", c.c_void_p), ("heap_size", c.c_size_t)]


def built(path):
    """The library as shipped, built where it is not there yet."""
    path = path or os.path.join(ROOT, "build", "release", "lib", "libinterplay.so.1")
    if not os.path.exists(path):
        subprocess.run([os.path.join(ROOT, ".ci", "build"), "release", "interplay"], check=True, stdout=sys.stderr)
    if not os.path.exists(path):
        raise SystemExit(f"bench: expected the library at {path}, found none; name it with --library")
    return os.path.abspath(path)


def compiler():
    for name in (os.environ.get("CC"), "cc", "gcc", "clang"):
        if name and shutil.which(name):
            return name
    raise SystemExit("bench: expected a C compiler (cc, gcc or clang), found none; the timing loops are C. Install one or set CC")


def helpers(library, folder):
    """The shared library of the C files here."""
    out = os.path.join(folder, "bench.so")
    sources = [os.path.join(HERE, name) for name in ("loops.c", "numbers.c", "onnx.c", "peak.c", "swaps.c")]
    command = [compiler(), "-std=gnu11", "-O3", "-march=native", "-Wall", "-shared", "-fPIC", "-I", os.path.join(ROOT, "include"),
               *sources, library, "-lm", "-ldl", "-pthread", "-Wl,-rpath," + os.path.dirname(library), "-o", out]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit("bench: expected the timing loops to compile, found:\n" + done.stderr + "with: " + " ".join(command))
    return out


class Library:
    """folder: where the helpers may be compiled; None: without them."""

    def __init__(self, path, folder=None):
        self.c = c.CDLL(path)
        self.c.interplay_error_message.restype = self.c.interplay_text_data.restype = c.c_void_p
        self.c.interplay_text_size.restype = c.c_size_t
        self.c.interplay_version.restype = c.c_char_p
        if folder:
            self.bench = c.CDLL(helpers(path, folder))
            self.bench.bench_peak.restype = self.bench.bench_peak_processes.restype = c.c_double
            self.bench.bench_time.restype = self.bench.bench_onnx_time.restype = c.c_int64

    def call(self, name, *arguments):
        error = c.c_void_p()
        if getattr(self.c, "interplay_" + name)(*arguments, c.byref(error)) != 0:
            message = c.string_at(self.c.interplay_error_message(error)).decode()
            self.c.interplay_error_free(error)
            raise RuntimeError(f"interplay_{name}: {message}")

    def made(self, name, *arguments):
        handle = c.c_void_p()
        self.call(name, *arguments, c.byref(handle))
        return handle

    def text(self, name, *arguments):
        handle = self.made(name, *arguments)
        data = c.string_at(self.c.interplay_text_data(handle), self.c.interplay_text_size(handle))
        self.c.interplay_text_free(handle)
        return data

    def free(self, kind, handle):
        getattr(self.c, f"interplay_{kind}_free")(handle)

    def table(self, columns):
        """{name: ctypes array of int64 or float}"""
        rows = len(next(iter(columns.values())))
        handle = self.made("table_new", c.c_int64(rows))
        for name, values in columns.items():
            kind = FLOAT32 if values._type_ is c.c_float else INT64
            self.call("table_add", handle, name.encode(), c.c_int32(kind), values, c.c_int64(rows), None, None)
        return handle

    def tensors(self, model):
        """{name: (shape, bytes)} of a fitted model."""
        directory = json.loads(self.text("model_tensors", model))
        return {line["name"]: (line["shape"], self.text("model_tensor", model, line["name"].encode())) for line in directory}

    def info(self, model):
        return json.loads(self.text("model_info", model))

    def peak(self, seconds=0.2):
        return self.bench.bench_peak(c.c_double(seconds))

    def peak_of(self, processes, seconds):
        """GFLOP/s of so many processes together."""
        found = self.bench.bench_peak_processes(c.c_int32(processes), c.c_double(seconds))
        if not found > 0:
            raise RuntimeError(f"expected {processes} processes for the peak, found fewer: is there a limit on processes?")
        return found

    def normal(self, seed, n, deviation):
        out = (c.c_float * n)()
        self.bench.bench_normal(c.c_uint64(seed), c.c_int64(n), c.c_double(deviation), out)
        return out

    def zipf(self, seed, cardinality, exponent, n):
        out = (c.c_int64 * n)()
        if not self.bench.bench_zipf(c.c_uint64(seed), c.c_int64(cardinality), c.c_double(exponent), c.c_int64(n), out):
            raise MemoryError
        return out


class Monitor:
    """The seconds at which epochs ended."""

    def __init__(self, library, clock):
        self.ends, self.library = [], library
        self.callback = PROGRESS(lambda _, event: self.see(json.loads(event), clock()))
        self.handle = library.made("monitor_new", self.callback, None)

    def see(self, event, now):
        if event.get("epoch_end"):
            self.ends.append((now, event["loss"]))
        return 0
