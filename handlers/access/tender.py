"""How a refund is paid, as far as that is kept for some people."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions.action import ActionRequest, MethodChoice
from bot.actions.refunds.request import RefundRequest
from bot.actions.refunds.tenders import STORE_CREDIT, is_recorded_only, name_tender


@dataclass(frozen=True, slots=True)
class Tender:
    """How a refund is paid, as far as that is kept for some; `label` is what people call it."""

    label: str
    is_recorded: bool = False
    is_unasked_credit: bool = False

    @classmethod
    def of_method(cls, method: MethodChoice) -> Tender:
        """Return that of a method; a part that is recorded makes it recorded."""
        is_recorded = any(map(is_recorded_only, method.payments))
        return cls(method.label, is_recorded, method.is_unasked_credit)

    @classmethod
    def of_request(cls, request: ActionRequest) -> Tender | None:
        """Return that of a confirmed request, None where no refund was confirmed."""
        if not isinstance(request, RefundRequest) or request.confirmed is None:
            return None
        payments, is_unasked = request.confirmed.payments, request.confirmed.is_unasked_credit
        if is_unasked is None:  # of an earlier release, which did not keep it
            is_unasked = any(each.provider_id == STORE_CREDIT for each in payments)
        label = " + ".join(map(name_tender, payments))
        return cls(label, any(map(is_recorded_only, payments)), is_unasked)
