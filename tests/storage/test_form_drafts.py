from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlite_utils import Database

from storage.form_drafts import Draft, Drafts


def create(drafts: Drafts) -> Draft:
    return drafts.create(
        reference="MG-1", team_id="T1", actor_id="U1", action="refund_items", order_id=1042
    )


def test_a_new_draft_is_found_as_it_was_made(db: Database) -> None:
    drafts = Drafts(db)

    draft = create(drafts)

    assert drafts.find(draft.draft_id) == draft
    assert (draft.values, draft.context, draft.request, draft.step) == ({}, {}, None, "")


def test_a_saved_draft_keeps_what_was_typed(db: Database) -> None:
    drafts = Drafts(db)
    draft = create(drafts)

    drafts.save(
        replace(
            draft,
            view_id="V1",
            step="confirm",
            values={"line:1": {"quantity": "2"}},
            context={"page": 2},
            request={"order_id": 1042},
            review={"facts": [["Total", "54.10 USD"]]},
        )
    )

    found = drafts.find(draft.draft_id)
    assert found is not None
    assert (found.values, found.context) == ({"line:1": {"quantity": "2"}}, {"page": 2})
    assert found.review == {"facts": [["Total", "54.10 USD"]]}
    assert (found.view_id, found.step) == ("V1", "confirm")
    assert found.created_at == draft.created_at < found.updated_at


def test_two_drafts_never_share_an_id(db: Database) -> None:
    drafts = Drafts(db)

    assert create(drafts).draft_id != create(drafts).draft_id


def test_old_drafts_are_deleted_and_then_gone(db: Database) -> None:
    drafts = Drafts(db)
    draft = create(drafts)

    assert drafts.delete_before(datetime.now(UTC) - timedelta(days=1)) == 0
    assert drafts.delete_before(datetime.now(UTC) + timedelta(seconds=1)) == 1

    assert drafts.find(draft.draft_id) is None
    with pytest.raises(KeyError):
        drafts.save(draft)
