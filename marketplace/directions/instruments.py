"""Scientific instruments: machine-hours or samples on the instruments of a laboratory, under its qualifications."""

from datetime import date
from operator import eq

from marketplace.directions._fields import asked, note, several, text
from marketplace.directions._fit import Reading
from marketplace.directions._kinds import (
    all_of,
    class_of,
    grade,
    has,
    in_class,
    require,
    share_of,
    with_classes,
    within,
)
from marketplace.directions._labels import Label, Word
from marketplace.directions._spec import Attributes, Direction, Lifecycle, MatchClass
from marketplace.directions._terms import Line


class Category(Word):
    """Classes of GB/T 32847-2016 (large scientific instruments), the analytical ones one step finer."""

    ELECTRON_OPTICS = (
        "analytical.electron",
        "分析仪器·电子光学仪器（扫描/透射电镜、探针）",
        "Analytical: electron optics",
    )
    MASS = "analytical.mass", "分析仪器·质谱仪器", "Analytical: mass spectrometry"
    X_RAY = "analytical.xray", "分析仪器·X 射线仪器（XRD、XRF、CT）", "Analytical: X-ray"
    OPTICAL = "analytical.optical", "分析仪器·光谱仪器", "Analytical: optical spectroscopy"
    CHROMATOGRAPHY = "analytical.chromatography", "分析仪器·色谱仪器", "Analytical: chromatography"
    RESONANCE = "analytical.resonance", "分析仪器·波谱仪器（核磁、顺磁）", "Analytical: magnetic resonance"
    ELECTROCHEMICAL = "analytical.electrochemical", "分析仪器·电化学仪器", "Analytical: electrochemistry"
    MICROSCOPE = "analytical.microscope", "分析仪器·显微镜及图像分析仪器", "Analytical: microscopes and imaging"
    THERMAL = "analytical.thermal", "分析仪器·热分析仪器", "Analytical: thermal analysis"
    BIOCHEMICAL = (
        "analytical.biochemical",
        "分析仪器·生化分离分析仪器（测序、流式）",
        "Analytical: biochemical separation",
    )
    ENVIRONMENT = "analytical.environment", "分析仪器·环境与农业分析仪器", "Analytical: environment and farming"
    PREPARATION = "analytical.preparation", "分析仪器·样品前处理及制备仪器", "Analytical: sample preparation"
    ANALYTICAL_OTHER = "analytical.other", "分析仪器·其他", "Analytical: other"
    MECHANICAL = "physical.mechanical", "物理性能测试仪器·力学性能", "Physical tests: mechanical"
    ACOUSTIC = "physical.acoustic", "物理性能测试仪器·声学振动", "Physical tests: sound and vibration"
    PARTICLE = "physical.particle", "物理性能测试仪器·颗粒度测量", "Physical tests: particle size"
    FLAW = "physical.flaw", "物理性能测试仪器·探伤", "Physical tests: flaw detection"
    PHOTOELECTRIC = "physical.photoelectric", "物理性能测试仪器·光电测量", "Physical tests: photoelectric"
    PHYSICAL_OTHER = "physical.other", "物理性能测试仪器·其他", "Physical tests: other"
    LENGTH = "metrology.length", "计量仪器·长度（三坐标等）", "Metrology: length"
    METROLOGY_OTHER = (
        "metrology.other",
        "计量仪器·热学、力学、电磁、时间频率等",
        "Metrology: heat, force, electricity, time",
    )
    MICROWAVE = "electronic.microwave", "电子测量仪器·射频和微波", "Electronic measurement: RF and microwave"
    CHIP_TEST = "electronic.chip", "电子测量仪器·集成电路测试", "Electronic measurement: IC test"
    EMC = "electronic.emc", "电子测量仪器·电磁兼容", "Electronic measurement: EMC"
    ELECTRONIC_OTHER = "electronic.other", "电子测量仪器·其他", "Electronic measurement: other"
    SEMICONDUCTOR = (
        "process.semiconductor",
        "工艺试验设备·半导体与微纳加工",
        "Process: semiconductor and nanofabrication",
    )
    CHEMICAL = "process.chemical", "工艺试验设备·化工、制药", "Process: chemical and pharmaceutical"
    FOOD = "process.food", "工艺试验设备·食品、农业", "Process: food and farming"
    CLIMATE = "process.climate", "工艺试验设备·环境试验（高低温、盐雾、老化）", "Process: climatic chambers and ageing"
    PROCESS_OTHER = "process.other", "工艺试验设备·其他", "Process: other"
    MEDICAL = "medical.any", "医学科研仪器", "Medical research"
    MARINE = "marine.any", "海洋仪器", "Marine"
    EARTH = "earth.any", "地球探测仪器", "Earth exploration"
    ATMOSPHERE = "atmosphere.any", "大气探测仪器", "Atmosphere"
    ASTRONOMY = "astronomy.any", "天文仪器", "Astronomy"
    NUCLEAR = "nuclear.any", "核仪器", "Nuclear"
    SPECIAL = "special.any", "特种检测仪器", "Special inspection"
    COMPUTING = "computing.any", "计算机及其配套设备（算力）", "Computing"
    LASER = "laser.any", "激光器", "Lasers"
    OTHER = "other.any", "其他仪器", "Other"


class Accreditation(Word):
    CNAS = "cnas", "CNAS 实验室认可（ISO/IEC 17025）", "CNAS (ISO/IEC 17025)"
    CMA = "cma", "检验检测机构资质认定 CMA", "CMA inspection body"
    GLP = "glp", "良好实验室规范 GLP", "GLP"
    GMP = "gmp", "GMP", "GMP"
    ISO15189 = "iso15189", "医学实验室 ISO 15189", "ISO 15189"
    NADCAP = "nadcap", "NADCAP", "NADCAP"


class Operation(Word):
    SELF = "self_operated", "自主上机（须培训合格）", "Self-operated after training"
    ASSISTED = "assisted", "技术员陪同", "With a technician"
    SEND_IN = "send_in", "送样委托测试", "Send in samples"


class SampleState(Word):
    SOLID = "solid", "块状固体", "solid"
    POWDER = "powder", "粉末", "powder"
    FILM = "film", "薄膜/晶圆", "film or wafer"
    LIQUID = "liquid", "液体", "liquid"
    GAS = "gas", "气体", "gas"
    BIOLOGICAL = "biological", "生物样品", "biological"
    DEVICE = "device", "整机/器件", "device"


class Hazard(Word):
    FLAMMABLE = "flammable", "易燃易爆", "flammable or explosive"
    TOXIC = "toxic", "有毒", "toxic"
    CORROSIVE = "corrosive", "腐蚀性", "corrosive"
    RADIOACTIVE = "radioactive", "放射性", "radioactive"
    BSL2 = "bsl2", "生物安全二级", "biosafety level 2"
    MAGNETIC = "magnetic", "强磁性", "strongly magnetic"


class Offer(Attributes):
    category: Category = asked(
        "仪器类别", "Category", help_zh="按 GB/T 32847 大型科学仪器设备分类", help_en="After GB/T 32847"
    )
    instrument_name: str = text(
        "仪器名称", "Instrument", help_zh="铭牌或资产卡上的名称", help_en="As on the name plate"
    )
    manufacturer: str = text("生产厂商", "Maker")
    model: str = text("规格型号", "Model")
    made_year: int | None = asked("出厂年份", "Year made", None, ge=1950, le=2100)
    instrument_count: int = asked("同型仪器台数", "Instruments of this kind", 1, unit="台", ge=1, le=1000)
    original_value_10k_cny: float | None = asked("原值", "Purchase value", None, unit="万元", ge=0, le=1_000_000)
    technical_indicators: str = note(
        "主要技术指标",
        "Main specifications",
        help_zh="分辨率、量程、灵敏度等",
        help_en="Resolution, range, sensitivity",
    )
    functions: str = note("主要功能与应用", "Functions and uses")
    method_standards: tuple[Line, ...] = several(
        "检测方法标准",
        "Method standards",
        help_zh="每行一个，如 GB/T 6379.2-2004",
        help_en="One a line, such as ISO 16700",
    )
    accreditations: tuple[Accreditation, ...] = several("资质认定", "Accreditations")
    calibration_certificate_no: str = text("校准/检定证书编号", "Calibration certificate no.")
    calibration_valid_until: date | None = asked("校准有效期至", "Calibration valid until", None)
    operation_modes: tuple[Operation, ...] = several("服务方式", "How it is used", (Operation.SEND_IN,), min_length=1)
    requires_training: bool = asked("上机前须培训考核", "Training before use", False)
    sample_states: tuple[SampleState, ...] = several("可测样品形态", "Samples taken")
    accepted_hazards: tuple[Hazard, ...] = several("可接收的危险样品", "Hazardous samples taken")
    sample_requirements: str = note(
        "送样要求",
        "Sample requirements",
        help_zh="尺寸、用量、包装、保存条件",
        help_en="Size, amount, packing, storage",
    )
    turnaround_days: int | None = asked("出报告周期", "Days to the report", None, unit="天", ge=0, le=365)
    effective_hours_per_year: int | None = asked(
        "年有效工作机时", "Effective hours a year", None, unit="h", ge=0, le=8784
    )
    outside_hours_per_year: int | None = asked(
        "年对外服务机时", "Hours for outside users a year", None, unit="h", ge=0, le=8784
    )
    issues_stamped_report: bool = asked("出具盖章报告", "Issues a stamped report", False)


class Need(Attributes):
    category: Category = asked("仪器类别", "Category")
    instrument_name: str = text("指定仪器或型号", "Named instrument or model")
    purpose: str = note("测试目的与指标", "Purpose and quantities sought")
    method_standards: tuple[Line, ...] = several(
        "须执行的方法标准", "Method standards wanted", help_zh="每行一个", help_en="One a line"
    )
    accreditations: tuple[Accreditation, ...] = several("须具备的资质", "Accreditations required")
    operation_mode: Operation | None = asked("服务方式", "How it should be used", None)
    sample_state: SampleState | None = asked("样品形态", "Kind of sample", None)
    sample_count: int | None = asked("样品数", "Number of samples", None, unit="个", ge=1, le=1_000_000)
    hazards: tuple[Hazard, ...] = several("样品危险性", "Hazards of the samples")
    sample_description: str = note("样品说明", "About the samples")
    report_within_days: int | None = asked("期望出报告时间", "Report within", None, unit="天", ge=0, le=365)
    needs_calibration: bool = asked("须有在有效期内的校准证书", "Needs a valid calibration certificate", False)
    needs_stamped_report: bool = asked("须出具盖章报告", "Needs a stamped report", False)


_CATEGORY = Label("仪器类别", "category")


def _name(*names: str) -> str:
    return " ".join(names).casefold()


_TERMS = (
    require("class", _CATEGORY, Reading(("category",), class_of), Reading(("category",), class_of), eq,
            reason=Label("仪器大类不同", "another class of instrument")),
    in_class("category", _CATEGORY, Reading(("category",), with_classes), Reading(("category",), with_classes),
             otherwise=0.3, weight=3),
    all_of("accreditations", Label("资质", "accreditations"), "accreditations", "accreditations",
           reason=Label("缺少所需资质", "lacks an accreditation that is required")),
    all_of("operation", Label("服务方式", "way of use"), "operation_modes", "operation_mode",
           reason=Label("不提供所需的服务方式", "is not used in the way wanted")),
    all_of("sample", Label("样品形态", "kind of sample"), "sample_states", "sample_state", if_stated=True,
           reason=Label("不接收此类样品", "does not take this kind of sample")),
    all_of("hazards", Label("危险样品", "hazards"), "accepted_hazards", "hazards",
           reason=Label("不接收此类危险样品", "does not take samples of this hazard")),
    has("calibration", Label("校准证书", "calibration"), "calibration_certificate_no", "needs_calibration",
        reason=Label("没有校准证书", "has no calibration certificate")),
    has("report", Label("盖章报告", "stamped report"), "issues_stamped_report", "needs_stamped_report",
        reason=Label("不出具盖章报告", "issues no stamped report")),
    share_of("standards", Label("方法标准", "method standards"), "method_standards", "method_standards", weight=2),
    grade("model", Label("指定型号", "named model"), Reading(("instrument_name", "manufacturer", "model"), _name),
          Reading(("instrument_name",), _name), lambda known, named: 1.0 if named in known else 0.4),
    within("turnaround", Label("报告周期", "days to the report"), "turnaround_days", "report_within_days"),
)  # fmt: skip


def _licences(offer: Offer) -> tuple[str, ...]:
    claims_cma = Accreditation.CMA in offer.accreditations
    return (
        *(("inspection_body",) if claims_cma else ()),
        *(("radiation_safety",) if offer.category == Category.NUCLEAR else ()),
    )


INSTRUMENTS = Direction(
    code="instruments",
    label=Label("科研仪器", "Scientific instruments"),
    about=Label(
        "大型仪器的空闲机时与样品测试，自主上机或送样委托",
        "Free hours and sample tests on laboratory instruments, self-operated or sent in",
    ),
    icon="microscope",
    units=("machine_hour", "sample"),
    lifecycle=Lifecycle.SLOTS,
    matching=MatchClass.UNIT,
    offer=Offer,
    need=Need,
    terms=_TERMS,
    facets=("category", "accreditations", "operation_modes", "sample_states"),
    is_exclusive=True,
    licences=_licences,
    places=lambda offer: offer.instrument_count,
    unit_lifecycles={"sample": Lifecycle.QUANTITY},
)
