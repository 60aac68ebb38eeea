"""Which tests of a whole run stay together."""

from tests.support.lanes import BROWSERS, lanes


def test_one_lane_for_browsers_and_one_for_each_other_file() -> None:
    assert lanes(
        [
            "tests/browser/test_cell.py::test_policy",
            "tests/programs/test_browser.py::test_program[chromium-order]",
            "tests/native/test_programs.py::test_natively[add]",
            "tests/native/test_programs.py::test_in_a_page[chromium-add]",
            "tests/native/test_programs.py::test_natively[sub]",
            "tests/unit/test_source.py::test_the_browser_is_chromium",
            "tests/unit/test_source.py::test_lines[a]",
        ]
    ) == {
        "tests/browser/test_cell.py": BROWSERS,
        "tests/programs/test_browser.py": BROWSERS,
        "tests/native/test_programs.py": BROWSERS,
        "tests/unit/test_source.py": "tests/unit/test_source.py",
    }
