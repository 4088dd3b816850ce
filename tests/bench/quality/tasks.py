"""The tasks: which file, which columns, which rows are held out, which seeds."""
import csv
import os
from dataclasses import dataclass, field

import splits


@dataclass
class Data:
    """Text cells as in the files; labels are numbers."""
    columns: list                       # of the rows
    rows: list                          # lists of text
    labels: list                        # numbers, one a row
    label: str                          # the column's name; the rows hold it too
    user: str = None                    # the columns of the ids, where the task has them
    item: str = None
    users: tuple = None                 # (columns, {id: row}), each row with its id first
    items: tuple = None
    lists: dict = field(default_factory=dict)     # column -> what separates its values
    text: tuple = ()                    # columns that look like numbers and are names
    ignore: tuple = ()                  # columns of the rows that are no features
    times: list = None                  # one a row
    groups: list = None                 # one a row: whose it is

    def values(self, column):
        """A column of the rows, or of the user or item of each row; "" where there is none."""
        if column in self.columns:
            at = self.columns.index(column)
            return [row[at] for row in self.rows]
        for key, side in ((self.user, self.users), (self.item, self.items)):
            if side and column in side[0]:
                at, of = side[0].index(column), self.columns.index(key)
                return [side[1][row[of]][at] if row[of] in side[1] else "" for row in self.rows]
        raise KeyError(column)

    def features(self):
        """All columns that a model may look at beside the ids."""
        sides = [column for side in (self.users, self.items) if side for column in side[0][1:]]
        own = [c for c in self.columns if c not in (self.label, self.user, self.item) and c not in self.ignore]
        return own + sides


@dataclass
class Task:
    text: str
    folder: str
    objective: str       # "rating" or "binary"
    load: object         # folder -> Data
    split: object        # data, seed -> (train, valid, test)
    seeds: tuple
    strangers: bool = False   # measure also the test rows whose user training never saw


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return rows[0], rows[1:]


def side(path, keep):
    """A users' or items' file with the id and the columns to keep."""
    columns, rows = read(path)
    at = [columns.index(c) for c in [columns[0], *keep]]
    return [columns[i] for i in at], {row[at[0]]: [row[i] for i in at] for row in rows}


def column(columns, rows, name):
    at = columns.index(name)
    return [row[at] for row in rows]


def relabel(columns, rows, keep, positive):
    """Rows whose rating is kept, with labels 1 and 0."""
    at = columns.index("rating")
    return [row[:at] + ["1" if positive(int(row[at])) else "0"] + row[at + 1:] for row in rows if keep(int(row[at]))]


def ratings(folder, users, items, items_file, text=()):
    columns, rows = read(os.path.join(folder, "ratings.csv"))
    return Data(columns, rows, [float(x) for x in column(columns, rows, "rating")], "rating", columns[0], columns[1],
                side(os.path.join(folder, "users.csv"), users), side(os.path.join(folder, items_file), items),
                groups=column(columns, rows, columns[0]), text=text)


def ml100k(folder):
    data = ratings(folder, ["age", "gender", "occupation"], ["year", "genres"], "items.csv")
    data.lists, data.ignore = {"genres": "|"}, ("timestamp",)
    data.times = [int(x) for x in column(data.columns, data.rows, "timestamp")]
    return data


def ml1m(folder):
    data = ratings(folder, ["gender", "age", "occupation"], ["year", "genres"], "movies.csv")
    data.lists = {"genres": "|"}
    return data


def ml1m_clicks(folder):
    """Above 3 against below 3, the threes dropped; ids and all features but the title."""
    data = ratings(folder, ["gender", "age", "occupation", "zip"], ["year", "genres"], "movies.csv", text=("zip",))
    data.rows = relabel(data.columns, data.rows, lambda r: r != 3, lambda r: r > 3)
    data.labels = [float(row[2]) for row in data.rows]
    data.lists, data.groups = {"genres": "|"}, column(data.columns, data.rows, data.user)
    return data


def ml1m_paper(folder):
    """The same rows in the same order, without any id: one flat table."""
    ids = ml1m_clicks(folder)
    names = ids.features()
    values = [ids.values(name) for name in names] + [column(ids.columns, ids.rows, "rating")]
    return Data(names + ["rating"], [list(row) for row in zip(*values)], ids.labels, "rating", lists=ids.lists, text=ids.text)


def food(folder):
    data = ratings(folder, ["knowledge", "interest", "gender", "age", "income", "education", "census_region"],
                   ["region", "subregion"], "items.csv")
    data.rows = relabel(data.columns, data.rows, lambda r: True, lambda r: r >= 4)
    data.labels = [float(row[2]) for row in data.rows]
    return data


RESPONDENT = ("gender age maritalStatus has_children education occupation income car Bar CoffeeHouse CarryAway "
              "RestaurantLessThan20 Restaurant20To50").split()


def coupon(folder):
    """No user id: a run of rows with equal person fields is a respondent."""
    columns, rows = read(os.path.join(folder, "coupon.csv"))
    return Data(columns, rows, [float(x) for x in column(columns, rows, "Y")], "Y",
                groups=runs([[row[columns.index(c)] for c in RESPONDENT] for row in rows]))


def runs(keys):
    """The number of the run of equal keys that each one is in."""
    numbers = []
    for i, key in enumerate(keys):
        numbers.append(numbers[-1] + (key != keys[i - 1]) if i else 0)
    return numbers


FIVE, PAPER = tuple(range(1, 6)), tuple(range(2018, 2023))
TASKS = {
    "ml100k-random": Task("ml-100k, 80/20 at random", "ml-100k", "rating", ml100k, splits.rows_at_random, FIVE),
    "ml100k-last": Task("ml-100k, each user's last 20 % by time", "ml-100k", "rating", ml100k, splits.last_of_each_user, FIVE),
    "ml100k-time": Task("ml-100k, the last 20 % by time", "ml-100k", "rating", ml100k, splits.last_by_time, FIVE, True),
    "ml1m-random": Task("ml-1m, 80/20 at random", "ml-1m", "rating", ml1m, splits.rows_at_random, FIVE),
    "ml1m-paper": Task("ml-1m, the AutoInt paper's protocol less the timestamp: no ids", "ml-1m", "binary", ml1m_paper,
                       splits.tenths, PAPER),
    "ml1m-ids": Task("the same rows with both ids", "ml-1m", "binary", ml1m_clicks, splits.tenths, PAPER),
    "food-random": Task("food-world-cup, rating >= 4, rows at random", "food-world-cup", "binary", food,
                        splits.rows_at_random, FIVE),
    "food-users": Task("food-world-cup, rating >= 4, new users", "food-world-cup", "binary", food, splits.whole_groups, FIVE),
    "coupon": Task("uci-coupon, new respondents", "uci-coupon", "binary", coupon, splits.whole_groups, tuple(range(1, 11))),
}
