"""Production resources: services around a product, bundled in legs that stand or fall together."""

from operator import eq

from marketplace.directions._fields import asked, note, several, text
from marketplace.directions._fit import DOES_NOT_COUNT, Reading, Remote
from marketplace.directions._kinds import all_of, at_least, require, trips
from marketplace.directions._labels import Label, Word
from marketplace.directions._spec import Attributes, Direction, Lifecycle, MatchClass
from marketplace.directions._terms import Certificate, DivisionPrefix, Line


class Leg(Word):
    """The kinds of leg; funding is information about offers of licensed institutions, never lending here."""

    MANUFACTURING = "manufacturing", "制造", "Manufacturing"
    LOGISTICS = "logistics", "物流", "Logistics"
    OPERATION = "operation", "运营", "Operation"
    TECHNOLOGY = "technology", "技术", "Technology"
    FUNDING = "funding_information", "融资信息", "Funding information"


class Service(Word):
    """What a leg does; its kind of leg stands before the full stop."""

    PROTOTYPING = "manufacturing.prototyping", "打样试制", "Prototyping"
    PARTS = "manufacturing.parts", "零部件加工", "Parts"
    ASSEMBLY = "manufacturing.assembly", "组装", "Assembly"
    SURFACE = "manufacturing.surface", "表面处理", "Surface treatment"
    PACKAGING = "manufacturing.packaging", "包装", "Packaging"
    TOOLING = "manufacturing.tooling", "模具与工装", "Tooling"
    FULL_TRUCK = "logistics.ftl", "整车运输", "Full truck load"
    PART_TRUCK = "logistics.ltl", "零担运输", "Part load"
    COLD_CHAIN = "logistics.cold", "冷链运输", "Cold chain"
    HAZARDOUS = "logistics.hazardous", "危险品运输", "Hazardous goods"
    EXPRESS = "logistics.express", "同城配送", "City delivery"
    SEA_AIR = "logistics.forwarding", "海运/空运货代", "Sea and air freight"
    CUSTOMS = "logistics.customs", "报关报检", "Customs clearance"
    STORAGE = "operation.storage", "仓储", "Storage"
    FULFILMENT = "operation.fulfilment", "一件代发", "Fulfilment"
    PURCHASING = "operation.purchasing", "代采购", "Purchasing"
    SHOP = "operation.shop", "网店代运营", "Shop operation"
    AFTER_SALES = "operation.after_sales", "售后维修", "After-sales service"
    PARK = "operation.park", "厂房与场地", "Premises"
    RECYCLING = "operation.recycling", "废料回收", "Recycling"
    TESTING = "technology.testing", "检验检测", "Testing"
    CERTIFICATION = "technology.certification", "认证代办", "Certification"
    INTEGRATION = "technology.integration", "系统集成", "Systems integration"
    CLOUD = "technology.cloud", "工业云与算力", "Industrial cloud and computing"
    MAINTENANCE = "technology.maintenance", "设备维护", "Equipment maintenance"
    ENERGY = "technology.energy", "节能与环保", "Energy and environment"
    LEASE_INFO = "funding_information.leasing", "融资租赁信息", "Leasing information"
    LOAN_INFO = "funding_information.loan", "银行产品信息", "Bank product information"
    INSURANCE_INFO = "funding_information.insurance", "保险产品信息", "Insurance information"
    SUBSIDY_INFO = "funding_information.subsidy", "政策补贴信息", "Subsidy information"


class Temperature(Word):
    AMBIENT = "ambient", "常温", "Ambient"
    CHILLED = "chilled", "冷藏 0~8℃", "Chilled, 0 to 8 °C"
    FROZEN = "frozen", "冷冻 -18℃ 以下", "Frozen, below -18 °C"


class Offer(Attributes):
    leg: Leg = asked("环节", "Kind of leg")
    services: tuple[Service, ...] = several("服务", "Services", ..., min_length=1)
    regions: tuple[DivisionPrefix, ...] = several(
        "服务区域",
        "Regions served",
        help_zh="行政区划代码前缀，每行一个；空为全国",
        help_en="Division code prefixes, one a line; none means all",
    )
    temperatures: tuple[Temperature, ...] = several("温区", "Temperature classes", (Temperature.AMBIENT,))
    vehicle_load_t: float | None = asked("单车核定载重", "Load of a vehicle", None, unit="t", ge=0, le=500)
    vehicle_volume_m3: float | None = asked("单车容积", "Volume of a vehicle", None, unit="m³", ge=0, le=500)
    storage_area_m2: int | None = asked("可用仓储面积", "Storage area", None, unit="m²", ge=0, le=10_000_000)
    floor_load_kg_m2: int | None = asked("地面承载", "Floor load", None, unit="kg/m²", ge=0, le=100_000)
    fire_class: str = text("消防/危险类别", "Fire class")
    certificates: tuple[Certificate, ...] = several("认证", "Certificates")
    systems: tuple[Line, ...] = several(
        "可对接系统", "Systems it connects to", help_zh="如 WMS、TMS、ERP", help_en="Such as WMS, TMS, ERP"
    )
    institution: str = text(
        "资金服务机构全称",
        "Institution behind the information",
        help_zh="仅融资信息：持牌机构名称",
        help_en="Funding information only: the licensed institution",
    )
    details: str = note("服务说明", "About the service")


class LegNeed(Attributes):
    leg: Leg = asked("环节", "Kind of leg")
    service: Service = asked("服务", "Service")
    region: DivisionPrefix | None = asked("服务地点", "Where", None, help_zh="行政区划代码", help_en="Division code")
    temperature: Temperature | None = asked("温区", "Temperature class", None)
    load_t: float | None = asked("货量", "Load", None, unit="t", ge=0, le=1_000_000)
    volume_m3: float | None = asked("体积", "Volume", None, unit="m³", ge=0, le=1_000_000)
    area_m2: int | None = asked("面积", "Area", None, unit="m²", ge=0, le=10_000_000)
    certificates: tuple[Certificate, ...] = several("须具备的认证", "Certificates required")
    details: str = note("要求", "Details")


class Need(Attributes):
    project: str = text("项目", "Project")
    objective: str = note(
        "目标", "Goal", help_zh="各环节如何衔接，何时全部完成", help_en="How the legs meet and when all must be done"
    )
    lead_party: str = text("牵头联系人", "Contact in charge")


def _serves(prefixes: tuple[str, ...] | None, region: str) -> float:
    """Tell whether one of the regions served lies in the region, or the other way round."""
    if prefixes is None:
        return DOES_NOT_COUNT
    return float(any(region.startswith(prefix) or prefix.startswith(region) for prefix in prefixes))


_TERMS = (
    require("leg", Label("环节", "kind of leg"), "leg", "leg", eq, reason=Label("环节不同", "another kind of leg")),
    all_of("service", Label("服务", "service"), "services", "service",
           reason=Label("不提供此项服务", "does not offer this service")),
    require("region", Label("服务区域", "region"), "regions", "region", _serves,
            reason=Label("不在服务区域内", "does not serve this region")),
    all_of("temperature", Label("温区", "temperature"), "temperatures", "temperature",
           reason=Label("没有所需温区", "lacks the temperature class")),
    at_least("area", Label("面积", "area"), "storage_area_m2", "area_m2",
             reason=Label("面积不足", "has too little space")),
    trips("load", Label("载重", "load"), "vehicle_load_t", "load_t"),
    trips("volume", Label("容积", "volume"), "vehicle_volume_m3", "volume_m3"),
    all_of("certificates", Label("认证", "certificates"), "certificates", "certificates",
           reason=Label("缺少所需认证", "lacks a certificate that is required")),
)  # fmt: skip
_REMOTE = Remote(
    Reading((), lambda: True),
    Reading(("leg", "region"), lambda leg, region: leg in (Leg.FUNDING, Leg.TECHNOLOGY) and region is None),
)


def _licences(offer: Offer) -> tuple[str, ...]:
    if Service.HAZARDOUS in offer.services:
        return ("hazardous_transport",)
    trucks = {Service.FULL_TRUCK, Service.PART_TRUCK, Service.COLD_CHAIN} & set(offer.services)
    return ("road_transport",) if trucks else ()


RESOURCES = Direction(
    code="resources",
    label=Label("生产资源", "Production resources"),
    about=Label(
        "制造、物流、运营、技术、融资信息多环节打包，全部落实才成交",
        "Manufacturing, logistics, operation, technology and funding information in one bundle, all or nothing",
    ),
    icon="boxes",
    units=("bundle", "batch", "trip", "t", "m3", "m2", "pallet_day", "piece", "person_day", "service"),
    lifecycle=Lifecycle.BUNDLE,
    matching=MatchClass.BUNDLE,
    offer=Offer,
    need=Need,
    leg=LegNeed,
    terms=_TERMS,
    remote=_REMOTE,
    facets=("leg", "services", "temperatures", "certificates"),
    licences=_licences,
    most_suppliers=8,
)
