from __future__ import annotations

from tests.telling.cases import AFTER, FOR_EVER, STATE, Case, Deck, Use, all_cases, cases_of
from tests.telling.documented import OWN, UNHEARD, codes_of
from tests.telling.gate import Call, Strike, about
from tests.telling.kinds import KINDS
from tests.telling.ways import BY_NAME, NO_CODES, named, ways_of

USES = [(kind.name, use) for kind in KINDS.values() for use in kind.uses]


def test_a_case_is_found_again_by_its_name() -> None:
    case = Case("outcome", "chat.postMessage", "is_archived", AFTER, FOR_EVER, "audit")
    second = Case("outcome", "chat.getPermalink", "is_archived", first="fallen")

    assert Case.of(case.name) == case
    assert Case.of(second.name) == second


def test_the_order_follows_from_the_seed() -> None:
    cases = all_cases(USES, 1)

    assert cases == all_cases(USES, 1)
    assert cases != all_cases(USES, 2)
    assert len(set(cases)) == len(cases)


def test_every_method_that_the_bot_calls_is_a_matter_of_some_kind() -> None:
    assert {use.method for _, use in USES} - {STATE} == set(OWN)


def test_every_way_of_every_method_is_tried_and_a_code_that_nobody_has_heard_of() -> None:
    tried = {(case.method, case.code.rpartition(":")[2]) for case in all_cases(USES, 1)}

    for method in OWN:
        for codes in ways_of(method).values():
            assert {(method, code) for code in codes} & tried
        assert (method, UNHEARD) in tried


def test_some_seeds_together_try_every_code() -> None:
    tried = {
        (case.method, case.code.rpartition(":")[2])
        for seed in range(1, 25)
        for case in all_cases(USES, seed)
    }

    assert {(method, code) for method in OWN for code in codes_of(method)} <= tried


def test_every_code_can_be_tried_by_itself() -> None:
    tried = {case.code for case in cases_of("outcome", Use("chat.postMessage"))}

    assert set(codes_of("chat.postMessage")) <= tried


def test_what_the_bot_asks_for_by_name_is_a_way_of_its_own() -> None:
    assert named() - NO_CODES == set(BY_NAME)


def test_an_answer_that_concerns_all_is_the_same_for_all() -> None:
    deck = Deck(1)
    one, other = (Case(kind, "users.list", "", FOR_EVER) for kind in ("proposal", "approval"))

    assert deck.deal(one, "our_fault") == deck.deal(other, "our_fault")


def test_a_read_has_no_effect_to_come_after() -> None:
    assert {case.when for case in cases_of("outcome", Use("conversations.replies"))} == {"before"}


def test_a_strike_takes_the_calls_that_it_means_and_so_many() -> None:
    strike = Strike(Case("outcome", "chat.postMessage", "no_text", "before", "few", "thread"))
    reply = Call("chat.postMessage", "", "C1", thread_ts="1.1", has=frozenset({"text"}))
    root = Call("chat.postMessage", "", "C1", has=frozenset({"text"}))

    assert not strike.takes(reply)  # it has not begun
    strike.begin()
    assert not strike.takes(root)
    assert [strike.takes(reply) for _ in range(4)] == [True, True, True, False]


def test_what_is_wrong_with_blocks_is_not_wrong_without_them() -> None:
    strike = Strike(Case("outcome", "chat.postMessage", "invalid_blocks"))
    strike.begin()

    assert not strike.takes(Call("chat.postMessage", "", "C1", has=frozenset({"text"})))
    assert strike.takes(Call("chat.postMessage", "", "C1", has=frozenset({"text", "blocks"})))


def test_a_call_is_about_an_order_by_its_number_its_person_or_its_message() -> None:
    def is_about(text: str = "", channel: str = "", ts: str = "") -> bool:
        call = Call("chat.update", text, channel, ts=ts)
        return about(call, 5001, "U1", {("C1", "1.2")})

    assert is_about(text="Order 5001 was refunded")
    assert is_about(text="by <@U1>")
    assert is_about(channel="C1", ts="1.2")
    assert is_about(channel="U1")
    assert not is_about("Order 15001", "C1", "1.3")
