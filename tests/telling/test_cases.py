from __future__ import annotations

from tests.telling.cases import AFTER, FOR_EVER, Case, all_cases, cases_of
from tests.telling.documented import OWN, UNHEARD, codes_of
from tests.telling.gate import Call, Strike, about
from tests.telling.kinds import KINDS

USES = [(kind.name, method, wheres) for kind in KINDS.values() for method, wheres in kind.uses]


def test_a_case_is_found_again_by_its_name() -> None:
    case = Case("outcome", "chat.postMessage", "is_archived", AFTER, FOR_EVER, "audit")

    assert Case.of(case.name) == case


def test_the_order_follows_from_the_seed() -> None:
    cases = all_cases(USES, 1)

    assert cases == all_cases(USES, 1)
    assert cases != all_cases(USES, 2)
    assert len(set(cases)) == len(cases)


def test_every_code_of_every_method_is_tried_and_one_that_nobody_has_heard_of() -> None:
    tried = {(case.method, case.code.rpartition(":")[2]) for case in all_cases(USES, 1)}

    assert {
        (method, code) for method in OWN for code in codes_of(method) if method in dict(tried)
    } <= tried
    assert ("chat.postMessage", UNHEARD) in tried


def test_a_read_has_no_effect_to_come_after() -> None:
    assert {case.when for case in cases_of("outcome", "conversations.replies", ("any",))} == {
        "before"
    }


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
