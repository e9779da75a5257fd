"""The figures that are published about the market: what each counts, in which unit, and how it is protected."""

from dataclasses import dataclass

from common.thresholds import Method


@dataclass(frozen=True)
class Indicator:
    """One figure per direction, division and month."""

    code: str
    zh: str
    en: str
    unit: str
    definition_zh: str
    definition_en: str
    base: int = 5  # figures are rounded to a multiple of this

    @property
    def method(self) -> Method:
        return Method(base=self.base)


INDICATORS = (
    Indicator(
        "listings_published", "新发布供给数", "Listings published", "count",
        "当月首次发布的供给，按供给所在地", "Listings whose publication falls in the month, by the listing's place",
    ),
    Indicator(
        "demands_published", "新发布需求数", "Demands published", "count",
        "当月首次发布的需求，按需求所在地", "Demands whose publication falls in the month, by the demand's place",
    ),
    Indicator(
        "orders_agreed", "成立订单数", "Orders agreed", "count",
        "当月双方接受的订单，打包订单按各环节计，按履约地",
        "Orders that both sides accepted in the month, legs of a bundle counted singly, by the place of performance",
    ),
    Indicator(
        "orders_completed", "完成订单数", "Orders completed", "count",
        "当月完成的订单，按履约地", "Orders completed in the month, by the place of performance",
    ),
    Indicator(
        "orders_value_fen", "成立订单金额", "Value of orders agreed", "fen",
        "当月成立订单的含税总价合计，取整到五千元",
        "Sum of the totals, tax included, of orders agreed in the month, rounded to 5,000 yuan",
        base=500_000,
    ),
    Indicator(
        "hours_used", "实际共享机时", "Machine-hours used", "hour",
        "当月结束的预约的计量机时，无计量的按预约时长",
        "Metered hours of bookings that ended in the month; booked hours where nothing was metered",
    ),
    Indicator(
        "complaints_submitted", "投诉数", "Complaints submitted", "count",
        "当月提交的投诉，按供给所在地或履约地",
        "Complaints submitted in the month, by the place of listing or performance",
    ),
    Indicator(
        "complaints_closed", "办结投诉数", "Complaints closed", "count",
        "当月办结的投诉", "Complaints closed in the month",
    ),
    Indicator(
        "ratings_opened", "公开评价数", "Ratings opened", "count",
        "当月公开的评价", "Ratings opened in the month",
    ),
)  # fmt: skip
BY_CODE = {indicator.code: indicator for indicator in INDICATORS}
