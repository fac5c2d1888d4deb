"""The one question before a write: who wants it, may they, is it on, is it within the rules, now.

Every way to a write asks it: a form when it is opened and when it is confirmed, every button that
leads to a write, and the runner before each sending (`bot.runner.permission`), whatever has led to
it: an approval, Check again, Ask again, a sweep, a restart or a restore. Fails closed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from pydantic import ValidationError

from bot.actions.action import ActionRequest, Aftercare
from bot.actions.discounts.caps import amount_cap, beyond_caps, worth_cap
from bot.actions.discounts.request import CreateDiscountCode
from bot.actions.discounts.words import currency_of
from bot.actions.refunds.request import RefundRequest
from bot.actions.registry import ACTIONS, RUNNABLE
from bot.actions.rules.given_back import read_given_back
from bot.actions.rules.limits import check_limits
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError
from bot.config.configuration import EVERYONE, People
from bot.config.live_configuration import LiveConfiguration
from bot.runner.permission import NotKnown
from handlers.access.access import Access, is_unreadable, without_effect
from handlers.access.limit_sums import entry_check, read_sums
from handlers.access.person import Person
from handlers.access.tender import Tender
from handlers.store_facts import Catalogue
from storage.log.action_log import ActionLog
from storage.log.entries import APPROVED, Entry

WHO = "Approvers, admins and whom an admin has named in the Home tab may use it."
UNPAID_OFF = (
    "Refunding an unpaid order before it is cancelled is switched off, so nothing was sent. An "
    "admin switches it on in the Home tab of Makegood."
)
NEEDS_APPROVAL = (
    "This needs approval now, and it had none. Nothing was sent. Ask for it with a new request."
)
NOT_APPROVED = (
    "Whoever approved it may not approve any more, so nothing was sent. Ask for it with a new "
    "request."
)
BEYOND_CAPS = "This is more than codes may give now, so nothing was sent."
MAIL_OFF = (
    "The store e-mails its customers by itself now, so nothing was sent. An admin switches "
    "Makegood's e-mail on in the Home tab."
)
NOT_READ = "The request can't be read any more, so nothing was sent."
SLACK_AWAY = (
    "Slack did not say whether the one who asked may still do this: its lists of people could not "
    "be read. Ask for it again when Slack answers."
)
LOG_BEHIND = (
    "Makegood was just started and could not look in BigCommerce yet for what was done before, "
    "which counts as well. Ask for it again in a minute."
)


class PermissionRefused(Exception):
    """It may not be done now. `str()` tells the person why, in whole sentences.

    `is_about_them`: it is they who may not, others might.
    """

    def __init__(self, text: str, *, is_about_them: bool = False) -> None:
        super().__init__(text)
        self.is_about_them = is_about_them


class Permission:
    """Answers whether somebody may have something done now, in words when they may not."""

    def __init__(
        self,
        access: Access,
        configuration: LiveConfiguration,
        log: ActionLog,
        catalogue: Catalogue,
        store: BigCommerceClient,
    ) -> None:
        self._access = access
        self._configuration = configuration
        self._log = log
        self._catalogue = catalogue
        self._store = store
        # Whether the log was held against the store: an older one knows too little of what counts.
        self.is_log_current: Callable[[], bool] = lambda: True

    async def tender_refusal(
        self, person: Person, tender: Tender | None, *, fresh: bool = False
    ) -> str | None:
        """Return why this person may not have it paid in this way now, None when they may."""
        for people in self._kept_for(tender, person):
            no = await self._access.lead_refusal(*person.ids, people, fresh=fresh)
            if is_unreadable(no):
                return no
            if tender is not None and no is not None:
                return f"“{tender.label}” is not for you, so nothing was sent. {WHO}"
        return None

    async def refusal_to_look(self, person: Person, entry: Entry) -> str | None:
        """Return why this person may not have it looked at again, None when they may.

        What is switched off may be looked at by whom it would be for: its money may have moved.
        """
        action = self._action_of(entry)
        return await self._access.refusal(*person.ids, action, fresh=True, even_off=True)

    async def refusal_to_mail(self, person: Person, entry: Entry) -> str | None:
        """Return why this person may not have its e-mail sent to the customer, None when they may.

        Whoever may do the action may; its limits were asked for before the money moved.
        """
        if (action := self._action_of(entry)) is None:
            return NOT_READ
        if (no := self._access.off_refusal(action, entry.actor_id)) is not None:
            return no
        if self._configuration.current().notifications != "email":
            return MAIL_OFF
        return await self._access.refusal(*person.ids, action, fresh=True)

    async def check(
        self, entry: Entry, person: Person, *, approver_id: str | None, fresh: bool = True
    ) -> None:
        """Raise Refused when the request may not be sent now for this person.

        `approver_id` is who agrees to it, None for nobody. `fresh`: people are read anew. Raises
        BigCommerceError when the store cannot be read.
        """
        action, request = self._action_of(entry), _request(entry)
        if action is None or request is None:
            raise PermissionRefused(NOT_READ)
        if (no := self._access.off_refusal(action, entry.actor_id)) is not None:
            raise PermissionRefused(no)
        if (no := await self._access.refusal(*person.ids, action, fresh=fresh)) is not None:
            raise PermissionRefused(no, is_about_them=True)
        await self._check_request(request, person.user_id, entry.actor_id)
        tender = Tender.of_request(request)
        if (no := await self.tender_refusal(person, tender, fresh=fresh)) is not None:
            raise PermissionRefused(no, is_about_them=True)
        await self._check_limits(entry, approver_id, fresh=fresh)

    async def before_sending(self, entry: Entry) -> str | None:
        """Return why nothing may be sent for the request now, None when it may: for the thread.

        It is asked for whoever pressed a button for it last, else for the one who asked. Slack is
        read anew. What follows from a request that was carried out completes it. NotKnown.
        """
        presser = self._log.pressed_by(entry.reference)
        if entry.follows is not None and presser is None:
            return None
        if not self.is_log_current() and self._rests_on_log(entry):
            raise NotKnown(LOG_BEHIND)
        person = Person(entry.team_id, presser or entry.actor_id)
        try:
            await self.check(entry, person, approver_id=approver_of(entry))
        except BigCommerceError as error:
            raise NotKnown(f"BigCommerce could not be read. {error.reason}") from error
        except PermissionRefused as refused:
            if is_unreadable(str(refused)):
                raise NotKnown(SLACK_AWAY) from refused
            why = without_effect(str(refused))
            if not refused.is_about_them:
                return why
            did = "asked for it" if presser in {None, entry.actor_id} else "pressed the button"
            return f"Whoever {did} may not do this any more. What they would be told: {why}"
        return None

    async def _check_request(self, request: ActionRequest, *for_actors: str) -> None:
        """Hold what is asked for against what an admin allows these people for it now."""
        now = self._configuration.current(*for_actors)
        is_unpaid = isinstance(request, RefundRequest) and request.in_unpaid
        if is_unpaid and not now.refund_before_cancel:
            raise PermissionRefused(UNPAID_OFF)
        if not isinstance(request, CreateDiscountCode):
            return
        store = await self._catalogue.store()
        currency = currency_of(request, store.default_currency)
        rate = await self._rate(currency)
        wrong = beyond_caps(
            request,
            now.discount,
            amount=amount_cap(now.discount, currency, rate),
            worth=worth_cap(now.discount, currency, rate),
            now=datetime.now(UTC),
            timezone_name=store.timezone_name,
        )
        if wrong:
            raise PermissionRefused(f"{BEYOND_CAPS} {' '.join(wrong.values())}")

    async def _check_limits(self, entry: Entry, approver_id: str | None, *, fresh: bool) -> None:
        now = self._configuration.current(entry.actor_id)
        shop, order_id, given = await self._catalogue.store(), entry.order_id, None
        # What was given on the order matters to nothing but whether a second person has to agree.
        is_asking = approver_id is None and now.approval_above is not None and entry.counted != 0
        if order_id is not None and is_asking:
            given = await read_given_back(self._store, order_id)
        check = entry_check(
            entry,
            currency=shop.default_currency,
            given_back=given,
            is_approver=approver_id is not None or await self._is_approver(entry),
        )
        verdict = check_limits(now, check, read_sums(self._log, now, check))
        if verdict.refusal is not None:
            raise PermissionRefused(verdict.refusal)
        if approver_id is not None:
            no = await self._access.approver_refusal(
                entry.team_id, approver_id, fresh=fresh, asked_by=entry.actor_id
            )
            if no is not None:
                raise PermissionRefused(no if is_unreadable(no) else NOT_APPROVED)
        elif verdict.needs_approval:
            raise PermissionRefused(f"{verdict.why} {NEEDS_APPROVAL}")

    def _rests_on_log(self, entry: Entry) -> bool:
        """Whether what was given before decides on it."""
        now = self._configuration.current(entry.actor_id)
        limits = (now.approval_above, now.day_limit, now.hour_limit)
        return entry.counted != 0 and any(limit is not None for limit in limits)

    async def _is_approver(self, entry: Entry) -> bool:
        if self._configuration.current().hour_limit is None:
            return False
        return await self._access.is_approver(entry.team_id, entry.actor_id)

    async def _rate(self, currency: str) -> Decimal:
        """Return what one of the store's default currency is in this one; 0 when not known."""
        if currency == (await self._catalogue.store()).default_currency:
            return Decimal(1)
        rates = {each.code: each.rate for each in await self._catalogue.currencies()}
        return rates.get(currency) or Decimal(0)

    def _action_of(self, entry: Entry) -> str | None:
        """Return the action that people ask for of which the request is a part, None for none."""
        runnable = RUNNABLE.get(entry.action)
        if isinstance(runnable, Aftercare) and runnable.under is not None:
            return runnable.under.name
        if entry.follows is not None:
            followed = self._log.find(entry.follows)
            return None if followed is None else self._action_of(followed)
        return entry.action if entry.action in ACTIONS else None

    def _kept_for(self, tender: Tender | None, person: Person) -> list[People]:
        """Return whom this way of paying is kept for, besides approvers and admins."""
        if tender is None:
            return []
        now = self._configuration.current(person.user_id)
        recorded = [now.recorded_only] if tender.is_recorded else []
        credit = [now.store_credit] if tender.is_unasked_credit else []
        return [people for people in (*recorded, *credit) if people != EVERYONE]


def approver_of(entry: Entry) -> str | None:
    """Return who has agreed to the request, None when nobody here did."""
    return entry.decided_by if entry.decision == APPROVED else None


def _request(entry: Entry) -> ActionRequest | None:
    """Return what was asked for, None when this release cannot read it."""
    runnable = RUNNABLE.get(entry.action)
    try:
        return None if runnable is None else runnable.request_type.model_validate(entry.request)
    except ValidationError:
        return None
