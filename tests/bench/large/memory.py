"""What this process holds: counted by malloc, and by the kernel. Linux with glibc."""
import ctypes as c
import gc
import mmap
import os


class Mallinfo(c.Structure):
    """struct mallinfo2 of malloc.h"""
    _fields_ = [(name, c.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks",
                                                "fordblks", "keepcost")]


def held():
    """Bytes that were asked of malloc and not given back, by the library, C and Python alike: look at differences."""
    gc.collect()
    mallinfo = c.CDLL(None).mallinfo2
    mallinfo.restype = Mallinfo
    found = mallinfo()
    return found.uordblks + found.hblkhd


def field(path, name):
    """A line `Name:  123 kB` of a file of /proc, in bytes."""
    with open(path, encoding="ascii") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name + ":"))


def resident():
    """Bytes of this process's pages in memory, those of mapped files among them."""
    return field("/proc/self/smaps_rollup", "Rss")


def proportional():
    """Likewise, each page divided by the number of processes that have it."""
    return field("/proc/self/smaps_rollup", "Pss")


def peak(reset=False):
    """The most that was resident since the start, or since the last reset, before which free memory goes back to the kernel."""
    if reset:
        c.CDLL(None).malloc_trim(c.c_size_t(0))
        with open("/proc/self/clear_refs", "w", encoding="ascii") as out:
            out.write("5")
    return field("/proc/self/status", "VmHWM")


def dropped(path):
    """Take a file's pages out of memory. The share of them that is still there: 0, unless somebody else has mapped it."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        with mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE) as pages:
            there, start = (c.c_ubyte * (-(-len(pages) // mmap.PAGESIZE)))(), (c.c_char * len(pages)).from_buffer(pages)
            failed = c.CDLL(None).mincore(c.c_void_p(c.addressof(start)), c.c_size_t(len(pages)), there)
            del start
    if failed:
        raise OSError("mincore failed")
    return sum(page & 1 for page in there) / len(there)
