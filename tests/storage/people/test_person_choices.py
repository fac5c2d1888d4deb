from __future__ import annotations

import pytest
from sqlite_utils import Database

from storage.people.person_choices import BY_MESSAGE, IN_THREAD, NOT_AT_ALL, PersonChoices


def test_who_has_chosen_nothing_gets_a_message(db: Database) -> None:
    assert PersonChoices(db).settled_by("T1", "U1") == BY_MESSAGE


def test_each_person_has_a_choice_of_their_own_and_the_latest_counts(db: Database) -> None:
    choices = PersonChoices(db)

    choices.choose_settled_by("T1", "U1", NOT_AT_ALL)
    choices.choose_settled_by("T1", "U1", IN_THREAD)
    choices.choose_settled_by("T2", "U1", NOT_AT_ALL)

    found = [choices.settled_by(*ids) for ids in (("T1", "U1"), ("T2", "U1"), ("T1", "U2"))]
    assert found == [IN_THREAD, NOT_AT_ALL, BY_MESSAGE]


def test_only_what_is_offered_can_be_chosen(db: Database) -> None:
    with pytest.raises(ValueError, match="by pigeon"):
        PersonChoices(db).choose_settled_by("T1", "U1", "by pigeon")
