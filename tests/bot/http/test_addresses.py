from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.http.addresses import Addresses

PROXY, OUTER = "10.0.0.7", "192.168.3.3"
addresses = Addresses([ip_network("10.0.0.0/24"), ip_network("192.168.3.3")])


@pytest.mark.parametrize(
    ("peer", "known"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        (PROXY, None),
        ("127.0.0.1", None),
        ("::1", None),
        ("", None),
        ("not an address", None),
    ],
)
def test_a_connection_shows_who_opened_it_unless_that_is_a_proxy(
    peer: str, known: str | None
) -> None:
    assert addresses.of_peer(peer) == known


@pytest.mark.parametrize(
    ("forwarded", "known"),
    [
        ([], None),
        (["203.0.113.5"], "203.0.113.5"),
        (["198.51.100.1, 203.0.113.5"], "203.0.113.5"),
        (["198.51.100.1", "203.0.113.5"], "203.0.113.5"),
        ([f"198.51.100.1, 203.0.113.5, {OUTER}"], "203.0.113.5"),
        ([f"{PROXY}, {OUTER}"], None),
        (["198.51.100.1, unknown"], None),
        (["198.51.100.1, "], None),
        (["x" * 1_000_000 + ",203.0.113.5"], "203.0.113.5"),
        ([",".join(["198.51.100.1"] * 100_000)], "198.51.100.1"),
    ],
)
def test_a_proxy_that_is_named_is_believed_about_the_last_who_is_none(
    forwarded: list[str], known: str | None
) -> None:
    assert addresses.of_request(PROXY, forwarded) == known


@given(st.lists(st.text()))
def test_nobody_else_is_believed(forwarded: list[str]) -> None:
    assert addresses.of_request("203.0.113.9", forwarded) == "203.0.113.9"
    assert addresses.of_request("127.0.0.1", forwarded) is None
    assert Addresses().of_request("10.0.0.7", ["198.51.100.1", *forwarded]) == "10.0.0.7"


@given(st.lists(st.text()))
def test_whatever_the_header_holds_is_an_address_or_nothing(forwarded: list[str]) -> None:
    found = addresses.of_request(PROXY, forwarded)

    assert found is None or ip_network(found)
