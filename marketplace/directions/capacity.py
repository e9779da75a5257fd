"""Dispersed capacity: weekly output of many plants that one order may be split over."""

from marketplace.directions._fields import asked, note, several, text
from marketplace.directions._fit import DOES_NOT_COUNT, Reading
from marketplace.directions._kinds import (
    all_of,
    at_least,
    at_most,
    classes_of,
    grade,
    in_class,
    listed,
    one_of,
    same_letters,
    with_classes,
    within,
)
from marketplace.directions._labels import Label, Word
from marketplace.directions._spec import Attributes, Direction, Lifecycle, MatchClass
from marketplace.directions._terms import Certificate, Line, Material


class Process(Word):
    """What a plant does to a piece; the trade stands before the full stop."""

    TURNING = "metal.turning", "车削加工", "Turning"
    MILLING = "metal.milling", "铣削/加工中心", "Milling"
    GRINDING = "metal.grinding", "磨削", "Grinding"
    SHEET_METAL = "metal.sheet", "钣金", "Sheet metal"
    STAMPING = "metal.stamping", "冲压", "Stamping"
    FORGING = "metal.forging", "锻造", "Forging"
    CASTING = "metal.casting", "铸造", "Casting"
    DIE_CASTING = "metal.die_casting", "压铸", "Die casting"
    WELDING = "metal.welding", "焊接", "Welding"
    POWDER_METAL = "metal.powder", "粉末冶金", "Powder metallurgy"
    HEAT = "treatment.heat", "热处理", "Heat treatment"
    PLATING = "treatment.plating", "电镀/阳极氧化", "Plating or anodising"
    PAINTING = "treatment.painting", "喷涂/喷粉", "Painting or powder coating"
    INJECTION = "plastic.injection", "注塑", "Injection moulding"
    BLOW = "plastic.blow", "吹塑", "Blow moulding"
    EXTRUSION = "plastic.extrusion", "挤出", "Extrusion"
    RUBBER = "plastic.rubber", "橡胶/硅胶成型", "Rubber and silicone"
    PRINT_3D = "plastic.print_3d", "3D 打印小批量", "3D printing, small series"
    PCB = "electronics.pcb", "PCB 制板", "PCB fabrication"
    SMT = "electronics.smt", "SMT 贴片", "SMT assembly"
    WIRING = "electronics.wiring", "线束", "Wire harness"
    ELECTRONIC_ASSEMBLY = "electronics.assembly", "电子整机组装", "Electronic assembly"
    CUT_SEW = "textile.sewing", "裁剪缝制", "Cut and sew"
    KNITTING = "textile.knitting", "针织", "Knitting"
    WEAVING = "textile.weaving", "机织", "Weaving"
    DYEING = "textile.dyeing", "印染", "Dyeing"
    FOOTWEAR = "textile.footwear", "制鞋", "Footwear"
    BAGS = "textile.bags", "箱包皮具", "Bags and leather goods"
    WOODEN = "wood.furniture", "木制品/家具", "Wood products and furniture"
    PRINTING = "paper.printing", "印刷", "Printing"
    CARTONS = "paper.cartons", "纸箱/包装制品", "Cartons and packaging"
    FOOD = "food.processing", "食品加工", "Food processing"
    FILLING = "food.filling", "灌装/分装", "Filling"
    CHEMICAL = "chemical.blending", "化工复配", "Chemical blending"
    COSMETICS = "chemical.cosmetics", "日化/化妆品", "Cosmetics"
    CONCRETE = "building.concrete", "混凝土/预制构件", "Concrete and precast"
    STONE = "building.stone", "石材加工", "Stone"
    ASSEMBLY = "assembly.mechanical", "机械装配", "Mechanical assembly"
    DIGITAL_FAB = "assembly.fablab", "数字化小批量制作（创客空间）", "Digital fabrication (fab lab)"
    OTHER = "other.any", "其他", "Other"


class Inspection(Word):
    FULL = "full", "全检", "Every piece"
    AQL_1_0 = "aql_1_0", "抽检 AQL 1.0（GB/T 2828.1）", "AQL 1.0"
    AQL_2_5 = "aql_2_5", "抽检 AQL 2.5（GB/T 2828.1）", "AQL 2.5"
    FIRST_ARTICLE = "first_article", "首件检验 FAI", "First article"
    PPAP = "ppap", "PPAP", "PPAP"
    THIRD_PARTY = "third_party", "第三方验货", "Third-party inspection"


class Supply(Word):
    """Who brings the material."""

    PROVIDER = "provider", "包工包料", "Provider buys material"
    CONSUMER = "consumer", "来料加工", "Consumer supplies material"


class Offer(Attributes):
    process: Process = asked("工艺", "Process")
    further_processes: tuple[Process, ...] = several("其他工艺", "Further processes")
    products: tuple[Line, ...] = several("主要产品", "Main products", help_zh="每行一个", help_en="One a line")
    materials: tuple[Material, ...] = several("材料", "Materials")
    material_supply: tuple[Supply, ...] = several(
        "用料方式", "Material", (Supply.PROVIDER, Supply.CONSUMER), min_length=1
    )
    max_size_mm: int | None = asked("最大外形尺寸", "Largest size", None, unit="mm", ge=0, le=100_000)
    tolerance_um: float | None = asked("可达公差", "Tolerance reached", None, unit="μm", ge=0, le=100_000)
    lines_count: int | None = asked("产线数", "Lines", None, unit="条", ge=0, le=10_000)
    workers_count: int | None = asked("生产人员", "Workers", None, unit="人", ge=0, le=1_000_000)
    shifts_a_day: int | None = asked("每日班次", "Shifts a day", None, unit="班", ge=1, le=4)
    utilisation_percent: int | None = asked("当前产能利用率", "Capacity in use", None, unit="%", ge=0, le=100)
    sample_days: int | None = asked("打样周期", "Days to a sample", None, unit="天", ge=0, le=365)
    inspections: tuple[Inspection, ...] = several("检验方式", "Inspection")
    scrap_percent: float | None = asked("平均不良率", "Mean scrap rate", None, unit="%", ge=0, le=100)
    certificates: tuple[Certificate, ...] = several("认证", "Certificates")
    drawing_formats: tuple[Line, ...] = several("可接收图纸格式", "Drawing formats")
    packaging: str = text("包装方式", "Packing")
    exports_to: tuple[Line, ...] = several("出口市场", "Export markets")
    remarks: str = note("补充说明", "Remarks")


class Need(Attributes):
    process: Process = asked("工艺", "Process")
    further_processes: tuple[Process, ...] = several("须同时具备的工艺", "Further processes needed")
    product: str = text("产品", "Product")
    specification: str = note("规格与图纸要求", "Specification and drawings")
    material: Material | None = asked("材料", "Material", None)
    material_supply: Supply | None = asked("用料方式", "Material", None)
    size_mm: int | None = asked("最大外形尺寸", "Largest size", None, unit="mm", ge=0, le=100_000)
    tolerance_um: float | None = asked("要求公差", "Tolerance wanted", None, unit="μm", ge=0, le=100_000)
    inspection: Inspection | None = asked("检验方式", "Inspection", None)
    sample_within_days: int | None = asked("期望打样时间", "Sample within", None, unit="天", ge=0, le=365)
    certificates: tuple[Certificate, ...] = several("须具备的认证", "Certificates required")


_PROCESSES = ("process", "further_processes")
_PROCESS = Label("工艺", "process")


def _experience(made: tuple[str, ...] | None, product: str) -> float:
    """Grade whether one of the products made is named by the product, or names it."""
    if made is None:
        return DOES_NOT_COUNT
    return 1.0 if any(product in known or known in product for known in made) else 0.6


_TERMS = (
    all_of("trade", _PROCESS, Reading(_PROCESSES, classes_of), Reading(("process",), classes_of),
           reason=Label("工艺大类不同", "another trade")),
    in_class("process", _PROCESS, Reading(_PROCESSES, with_classes), Reading(("process",), with_classes),
             reason=Label("不做此工艺", "does not do this process")),
    all_of("further", Label("其他工艺", "further processes"), Reading(_PROCESSES, listed), "further_processes",
           reason=Label("缺少须同时具备的工艺", "lacks a process that is needed too")),
    all_of("material", Label("材料", "material"), "materials", "material", if_stated=True,
           reason=Label("不加工此材料", "does not work this material")),
    all_of("supply", Label("用料方式", "material"), "material_supply", "material_supply",
           reason=Label("用料方式不符", "material is not supplied as wanted")),
    at_least("size", Label("外形尺寸", "size"), "max_size_mm", "size_mm",
             reason=Label("尺寸超出", "is too small for the part")),
    at_most("tolerance", Label("公差", "tolerance"), "tolerance_um", "tolerance_um",
            reason=Label("精度不够", "does not reach the tolerance")),
    one_of("inspection", Label("检验方式", "inspection"), "inspections", "inspection", otherwise=0.3),
    within("sample", Label("打样周期", "days to a sample"), "sample_days", "sample_within_days"),
    all_of("certificates", Label("认证", "certificates"), "certificates", "certificates",
           reason=Label("缺少所需认证", "lacks a certificate that is required")),
    grade("product", Label("产品经验", "experience with the product"), Reading(("products",), same_letters),
          Reading(("product",), str.casefold), _experience),
)  # fmt: skip


def _licences(offer: Offer) -> tuple[str, ...]:
    food = {Process.FOOD, Process.FILLING} & {offer.process, *offer.further_processes}
    return ("food_production",) if food else ()


CAPACITY = Direction(
    code="capacity",
    label=Label("分散产能", "Dispersed capacity"),
    about=Label(
        "多家工厂的每周余量，一张订单可由几家分担", "Weekly output of several plants; one order may be split over them"
    ),
    icon="factory",
    units=("piece", "kg", "t", "m", "m2", "m3", "pair", "set"),
    lifecycle=Lifecycle.QUANTITY,
    matching=MatchClass.SPLIT,
    offer=Offer,
    need=Need,
    terms=_TERMS,
    facets=("process", "materials", "certificates", "material_supply"),
    licences=_licences,
    most_suppliers=10,
)
