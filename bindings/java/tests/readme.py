#!/usr/bin/env python3
"""Writes each ```java block of a README as a program of its own, with ratings.csv beside them, and compares its ```xml block with what the
project beside this file depends on. Usage: readme.py README FOLDER"""
import pathlib
import re
import sys

PROJECT = pathlib.Path(__file__).with_name("pom.xml")
BEGIN = "import io.interplay.*;\nimport java.nio.file.*;\nimport java.util.*;\n\nclass Block{number} {{\n  public static void main(String[] args) throws Exception {{\n"


def main(readme, folder):
    folder = pathlib.Path(folder)
    folder.mkdir()
    pairs = [(user, user * item % 40 + 1) for user in range(1, 30) for item in range(1, 30)]
    rows = "".join(f"{u},{i},{(u + i) % 5 + 1},{n}\n" for n, (u, i) in enumerate(dict.fromkeys(pairs)))
    (folder / "ratings.csv").write_text("user_id,movie_id,rating,timestamp\n" + rows)
    text = pathlib.Path(readme).read_text(encoding="utf-8")
    [dependency] = re.findall(r"```xml\n(.*?)```", text, re.S)
    if "".join(dependency.split()) not in "".join(PROJECT.read_text(encoding="utf-8").split()):
        sys.exit(f"{readme}: expected the dependency that {PROJECT.name} has, found\n{dependency}")
    blocks = re.findall(r"```java\n(.*?)```", text, re.S)
    for number, block in enumerate(blocks):
        # A block with its own class is whole: it has to run as it stands.
        body = block if "\nclass " in block else BEGIN.format(number=number) + block + "  }\n}\n"
        (folder / f"Block{number}.java").write_text(body, encoding="utf-8")


main(*sys.argv[1:])
