"""What the tests of the program `interplay` share: running it, reading what it says, small files, and the loop over cases."""

import csv
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = ""
FIT = ["fit", "--ratings", "ratings.csv", "--user", "user_id", "--item", "item_id", "--label", "rating"]
QUICK = ["--set", "epochs=2", "batch_size=64"]
CASES = []


def case(function):
    CASES.append(function)
    return function


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __repr__(self):
        return f"exit code {self.code}\n--- stdout\n{self.out}--- stderr\n{self.err}"


def run(*arguments, stdin=None):
    done = subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, capture_output=True, timeout=300)
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def good(*arguments, **options):
    result = run(*arguments, **options)
    assert result.code == 0, result
    return result


def fails(code, message, *arguments, **options):
    """The command fails with this code, says nothing on stdout and exactly one line on stderr, which holds message."""
    result = run(*arguments, **options)
    assert result.code == code, result
    assert result.out == "", result
    last = result.err.splitlines()
    assert len(last) == 1 and last[0].startswith("interplay: "), result
    assert re.search(message, last[0]), f"expected {message!r} in\n{result}"


def document(*arguments, **options):
    return json.loads(good(*arguments, "--json", **options).out)


def rows(text, delimiter=","):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def write_data():
    """60 users, 40 items with titles that need quotes, and labels that follow from genre and taste."""
    draw = random.Random(7)
    genres = ["Action", "Comedy", "Drama", "Horror"]
    with open("items.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["item_id", "title", "year", "genres"])
        for item in range(1, 41):
            out.writerow([item, f'Film "{item}", the', 1980 + item % 9, "|".join(draw.sample(genres, 1 + item % 2))])
    with open("users.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["user_id", "age", "zip"])
        for user in range(1, 61):
            out.writerow([user, 20 + user % 5, f"{user:05}"])
    lines = []
    for user in range(1, 61):
        for item in draw.sample(range(1, 41), 25):
            lines.append([user, item, 1 + (user * 3 + item * 5) % 5, 1000 + len(lines)])
    with open("ratings.csv", "w", newline="") as file:
        csv.writer(file).writerows([["user_id", "item_id", "rating", "time"], *lines])
    return lines


def main(set_up):
    """Runs set_up, then each case, in a folder of their own."""
    global PROGRAM
    if len(sys.argv) != 2:
        sys.exit(f"usage: {Path(sys.argv[0]).name} PROGRAM")
    PROGRAM = str(Path(sys.argv[1]).resolve())
    passed, failed, skipped = 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write_data()
        try:
            set_up()
        except AssertionError as error:
            print(f"what the cases share: {error}")
            failed += 1
        for test in CASES:
            try:
                test()
                passed += 1
            except unittest.SkipTest as reason:
                skipped += 1
                print(f"{test.__name__}: skipped, {reason}")
            except (AssertionError, OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"{test.__name__}: {type(error).__name__}: {error}")
        os.chdir("/")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed else 0)
