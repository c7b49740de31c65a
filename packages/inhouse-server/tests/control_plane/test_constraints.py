import pytest
from botocore.model import ServiceModel, Shape
from hypothesis import given
from hypothesis import strategies as st

from inhouse_server.control_plane.protocol import models
from inhouse_server.control_plane.protocol.constraints import breaches, unchecked_types

MODEL = ServiceModel(
    {
        "metadata": {},
        "operations": {},
        "shapes": {
            "Name": {"type": "string", "min": 2, "max": 4, "pattern": "[a-z]+"},
            "Any": {"type": "string"},
            "Kind": {"type": "string", "enum": ["one", "two"]},
            "Text": {"type": "string", "pattern": "\\P{C}*"},
            "Count": {"type": "integer", "min": 1, "max": 1000},
            "Long": {"type": "long"},
            "Flag": {"type": "boolean"},
            "Bytes": {"type": "blob"},
            "Names": {"type": "list", "member": {"shape": "Name"}, "max": 2},
            "Map": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Count"}, "max": 1},
            "Pair": {
                "type": "structure",
                "required": ["name"],
                "members": {"name": {"shape": "Name"}, "count": {"shape": "Count"}},
            },
            "Float": {"type": "float"},
            "Time": {"type": "timestamp"},
            "Double": {"type": "double"},
            "Times": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Time"}},
            "Trees": {"type": "list", "member": {"shape": "Tree"}},
            "Tree": {
                "type": "structure",
                "members": {
                    "float": {"shape": "Float"},
                    "double": {"shape": "Double"},
                    "times": {"shape": "Times"},
                    "trees": {"shape": "Trees"},
                },
            },
        },
    },
    "made-up",
)


def found(value: object, shape: str) -> list[str]:
    return list(breaches(value, MODEL.shape_for(shape), "m"))


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("ab", "Name"),
        ("abcd", "Name"),
        ("one", "Kind"),
        ("", "Text"),
        ("Grüße, 世界 🎉", "Text"),
        (1, "Count"),
        (1000, "Count"),
        (2**63 - 1, "Long"),
        (True, "Flag"),
        (b"\x00", "Bytes"),
        (["ab", "cd"], "Names"),
        ([], "Names"),
        ({"ab": 1}, "Map"),
        ({"name": "ab"}, "Pair"),
        ({"name": "ab", "count": 5, "unknown": object()}, "Pair"),
        ({"name": "ab", "count": None}, "Pair"),
    ],
)
def test_what_is_allowed(value: object, shape: str) -> None:
    assert found(value, shape) == []


@pytest.mark.parametrize(
    ("value", "shape", "sentences"),
    [
        ("a", "Name", ["Value 'a' at 'm' … Member must have length greater than or equal to 2"]),
        ("abcde", "Name", ["Value 'abcde' at 'm' … Member must have length less than or equal to 4"]),
        ("A1", "Name", ["Value 'A1' at 'm' … Member must satisfy regular expression pattern: [a-z]+"]),
        ("ab\n", "Name", ["Value 'ab\\n' at 'm' … Member must satisfy regular expression pattern: [a-z]+"]),
        ("x\ty", "Text", ["Value 'x\\ty' at 'm' … Member must satisfy regular expression pattern: \\P{C}*"]),
        ("\ud800", "Any", ["Value '\\ud800' at 'm' … Member must be valid Unicode text"]),
        ("three", "Kind", ["Value 'three' at 'm' … Member must satisfy enum value set: [one, two]"]),
        (0, "Count", ["Value 0 at 'm' … Member must have value greater than or equal to 1"]),
        (1001, "Count", ["Value 1001 at 'm' … Member must have value less than or equal to 1000"]),
        (2**31, "Count", ["Value 2147483648 at 'm' … Member must be of type number"]),
        (2**63, "Long", ["Value 9223372036854775808 at 'm' … Member must be of type number"]),
        (10**1000, "Long", ["Value int at 'm' … Member must be of type number"]),
        (True, "Count", ["Value bool at 'm' … Member must be of type number"]),
        ("1", "Count", ["Value '1' at 'm' … Member must be of type number"]),
        (1, "Name", ["Value 1 at 'm' … Member must be of type string"]),
        (1, "Flag", ["Value 1 at 'm' … Member must be of type boolean"]),
        ("x", "Bytes", ["Value 'x' at 'm' … Member must be of type blob"]),
        ({}, "Names", ["Value dict at 'm' … Member must be of type list"]),
        ([], "Pair", ["Value list at 'm' … Member must be of type structure"]),
        (["ab", "c", None], "Names", [
            "Value list at 'm' … Member must have length less than or equal to 2",
            "Value 'c' at 'm.2.member' … Member must have length greater than or equal to 2",
            "Value NoneType at 'm.3.member' … Member must be of type string",
        ]),
        ({"ab": 0, "C": 1}, "Map", [
            "Value dict at 'm' … Member must have length less than or equal to 1",
            "Value 0 at 'm.value' … Member must have value greater than or equal to 1",
            "Value 'C' at 'm.key' … Member must have length greater than or equal to 2",
            "Value 'C' at 'm.key' … Member must satisfy regular expression pattern: [a-z]+",
        ]),
        ({"count": 0}, "Pair", [
            "Value null at 'm.name' … Member must not be null",
            "Value 0 at 'm.count' … Member must have value greater than or equal to 1",
        ]),
    ],
)  # fmt: skip
def test_what_is_not(value: object, shape: str, sentences: list[str]) -> None:
    expected = [sentence.replace("…", "failed to satisfy constraint:") for sentence in sentences]
    assert found(value, shape) == expected


def test_a_long_value_is_not_repeated_whole() -> None:
    (length, pattern) = found("A" * 5000, "Name")
    assert len(length) < 250
    assert "…" in pattern


def test_types_that_cannot_be_checked_are_found_wherever_they_are() -> None:
    assert unchecked_types(MODEL.shape_for("Float")) == {"float"}
    assert unchecked_types(MODEL.shape_for("Tree")) == {"float", "timestamp", "double"}
    assert all(unchecked_types(shape) == frozenset() for shape in every_input_shape())


def every_input_shape() -> list[Shape]:
    model = models.load("codeartifact")
    inputs = [model.operation_model(name).input_shape for name in model.operation_names]
    return [shape for shape in inputs if shape is not None]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=[])),
        lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
        max_leaves=8,
    )
)
def test_any_json_value_can_be_held_against_any_shape_of_the_real_model(value: object) -> None:
    for shape in every_input_shape():
        for name, member in shape.members.items():  # type: ignore[attr-defined]  # inputs are structures
            for sentence in breaches(value, member, name):
                assert sentence.startswith("Value ")
                sentence.encode()
