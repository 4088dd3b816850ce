"""Runs every Python block of README.md in their order, in an empty folder, with the installed wheel. Usage: readme.py

The data are MovieLens where INTERPLAY_TEST_DATA has ml-100k, else planted ratings in the same files. A block with a line
`# needs NAME, NAME` runs where these packages are installed.
"""
import importlib.util
import os
import pathlib
import random
import re
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
    names, ran = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        source = pathlib.Path(os.environ.get("INTERPLAY_TEST_DATA") or "/nowhere") / "ml-100k"
        data = movielens(pathlib.Path(folder), source) if source.exists() else planted(pathlib.Path(folder))
        for block in blocks:
            needed = re.findall(r"# needs (.*)", block)
            if all(importlib.util.find_spec(name.strip()) for line in needed for name in line.split(",")):
                exec(compile(block, str(README), "exec"), names)
                ran += 1
        os.chdir("/")
    print(f"readme: {ran} of {len(blocks)} blocks of README.md ran with {data}")


if __name__ == "__main__":
    main()
