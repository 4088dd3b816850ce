"""The wheel: the package, libinterplay.so.1 and the licences inside, for any Python 3 on a platform with the C library that it needs.

INTERPLAY_LIBRARY names the library; without it build/release of the clone around this folder is taken.
"""
import os
import pathlib
import platform
import re
import shutil

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

HERE = pathlib.Path(__file__).resolve().parent
NAME = "libinterplay.so.1"


def library() -> pathlib.Path:
    path = pathlib.Path(os.environ.get("INTERPLAY_LIBRARY") or HERE.parents[1] / "build" / "release" / "lib" / NAME)
    if not path.is_file():
        raise SystemExit(f"interplay: expected the library at {path}, found none: build it (.ci/build release interplay), "
                         "or name it with INTERPLAY_LIBRARY")
    return path


def beside_it(*places: str) -> pathlib.Path:
    """What a build or an installation has beside its library, or the clone: the licence, and those of what is inside."""
    for folder in (*library().resolve().parents, HERE.parents[1]):
        for place in places:
            if (folder / place).is_file():
                return folder / place
    raise SystemExit(f"interplay: expected {' or '.join(places)} in a folder above {library()}, found neither; a wheel carries it")


class BuildWithLibrary(build_py):
    def run(self) -> None:
        super().run()
        package = pathlib.Path(self.build_lib) / "interplay"
        shutil.copy2(library(), package / NAME)
        shutil.copy2(beside_it("share/doc/interplay/LICENSE", "LICENSE"), package)
        shutil.copy2(beside_it("src/package/NOTICES", "share/doc/interplay/NOTICES"), package)


class PlatformWheel(bdist_wheel):
    """py3-none, since nothing is compiled against Python; the platform is what the library's own symbols ask for."""

    def finalize_options(self) -> None:
        super().finalize_options()
        self.root_is_pure = False

    def get_tag(self) -> tuple[str, str, str]:
        versions = {tuple(map(int, match.split(b"."))) for match in re.findall(rb"GLIBC_(\d+\.\d+)", library().read_bytes())}
        major, minor = max(versions | {(2, 17)})
        return "py3", "none", f"manylinux_{major}_{minor}_{platform.machine()}"


class WithLibrary(Distribution):
    def has_ext_modules(self) -> bool:
        return True


setup(distclass=WithLibrary, cmdclass={"build_py": BuildWithLibrary, "bdist_wheel": PlatformWheel})
