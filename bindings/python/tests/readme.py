"""Runs every Python block of README.md in their order, in an empty folder, with the installed wheel. Usage: readme.py [ABSENT ...]

ABSENT: packages that may be absent. A block that needs one that is absent is left out; one that needs another fails.
The data are MovieLens where INTERPLAY_TEST_DATA has ml-100k, else planted ratings in the same files. A block with a line
`# needs NAME, NAME` needs these packages.
"""
import importlib.util
import os
import pathlib
import random
import re
import sys
import tempfile

README = pathlib.Path(__file__).resolve().parents[1] / "README.md"


def movielens(folder, data):
    """The three files of ml-100k, under the names that the README has."""
    for name, ours in (("ratings", "ratings"), ("users", "users"), ("items", "movies")):
        text = (data / f"{name}.csv").read_text(encoding="utf-8")
        (folder / f"{ours}.csv").write_text(text.replace("item_id", "movie_id", 1), encoding="utf-8")
    return "MovieLens-100K"


def planted(folder):
    """The same columns, drawn."""
    draw = random.Random(1)
    ratings = [(draw.randint(1, 300), draw.randint(1, 200), draw.randint(1, 5), time) for time in range(8000)]
    users = [(user, draw.randint(15, 70), draw.choice("FM"), "writer", "12345") for user in range(1, 301)]
    movies = [(movie, f"Film {movie}", draw.randint(1930, 1999), draw.choice(["Drama", "Comedy|Drama"])) for movie in range(1, 201)]
    for name, head, rows in (("ratings", "user_id,movie_id,rating,timestamp", ratings),
                             ("users", "user_id,age,gender,occupation,zip", users), ("movies", "movie_id,title,year,genres", movies)):
        lines = [head, *(",".join(map(str, row)) for row in rows)]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return "planted ratings"


def main():
    blocks = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S)
    names, ran, absent = {}, 0, set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        source = pathlib.Path(os.environ.get("INTERPLAY_TEST_DATA") or "/nowhere") / "ml-100k"
        data = movielens(pathlib.Path(folder), source) if source.exists() else planted(pathlib.Path(folder))
        for number, block in enumerate(blocks, 1):
            needed = {name.strip() for line in re.findall(r"# needs (.*)", block) for name in line.split(",")}
            missing = {name for name in needed if not importlib.util.find_spec(name)}
            if missing - absent:
                sys.exit(f"readme: block {number} of README.md needs {', '.join(sorted(missing - absent))}, found none: install it, or "
                         "name it as absent")
            if missing:
                print(f"readme: without block {number}, which needs {', '.join(sorted(missing))}")
                continue
            exec(compile(block, str(README), "exec"), names)
            ran += 1
        os.chdir("/")
    print(f"readme: {ran} of {len(blocks)} blocks of README.md ran with {data}")


if __name__ == "__main__":
    main()
