"""The story that every binding tells with the same numbers: tests/scenario/README.md."""
import pytest
import teller

import interplay
from interplay.errors import error_of

STORY = teller.story()


def test_the_enumerations_are_the_storys():
    ours = {"status": interplay.Status, "type": interplay.Type, "cell": interplay.Cell}

    assert {name: {member.name: int(member) for member in kind} for name, kind in ours.items()} == STORY["enumerations"]


@pytest.mark.parametrize("name", [name for name in STORY["enumerations"]["status"] if name != "OK"])
def test_every_status_has_an_exception_of_its_own(name):
    error = error_of(STORY["enumerations"]["status"][name], "why", {})

    assert error.status.name == name
    assert type(error).__name__.removesuffix("Error").lower() == name.replace("_", "").lower()


def test_a_status_of_the_future_is_internal():
    assert isinstance(error_of(99, "why", {}), interplay.InternalError)


def test_the_story(tmp_path):
    told = teller.Teller(STORY, tmp_path)
    wrong = [line for number, step in enumerate(STORY["steps"]) for line in complaints(told, number, step)]

    assert not wrong, "\n" + "\n".join(wrong)
    assert len(STORY["steps"]) > 100


def complaints(told, number, step):
    """What is not as the step says."""
    where = f"step {number}, {step['call']} ({step['say']})"
    try:
        result = told.tell(step)
    except interplay.Error as error:
        if "error" not in step:
            yield f"{where}: {type(error).__name__}: {error}"
        elif not as_expected(error, step["error"]):
            yield f"{where}: expected {step['error']}, found {error.status.name}: {error} {error.detail}"
        return
    if "error" in step:
        yield f"{where}: expected {step['error']}, found success"
    for check in step.get("expect", []):
        if not teller.holds(check, result, STORY["within"]):
            yield f"{where}: expected {check}, found {teller.found_at(result, check['at'])}"


def as_expected(error, expected):
    if expected.get("by") == "binding":
        return True
    detail = {key: error.detail.get(key) for key in expected.get("detail", {})}
    return error.status.name == expected["status"] and expected["text"] in error.message and detail == expected.get("detail", {})
