"""Production equipment: hours on machines, booked and metered, described as a machine shop describes them."""

from operator import eq

from marketplace.directions._fields import asked, note, several, text
from marketplace.directions._fit import Reading
from marketplace.directions._kinds import (
    all_of,
    at_least,
    at_most,
    class_of,
    equal,
    has,
    in_class,
    require,
    with_classes,
)
from marketplace.directions._labels import Label, Word
from marketplace.directions._spec import Attributes, Direction, Lifecycle, MatchClass
from marketplace.directions._terms import Certificate, Line, Material


class Machine(Word):
    """Kinds of machine; the group stands before the full stop."""

    CNC_LATHE = "cutting.cnc_lathe", "数控车床", "CNC lathe"
    TURN_MILL = "cutting.turn_mill", "车铣复合", "Turn-mill centre"
    SWISS = "cutting.swiss", "走心机", "Swiss-type lathe"
    VMC = "cutting.vmc", "立式加工中心", "Vertical machining centre"
    HMC = "cutting.hmc", "卧式加工中心", "Horizontal machining centre"
    FIVE_AXIS = "cutting.five_axis", "五轴加工中心", "Five-axis machining centre"
    GANTRY = "cutting.gantry", "龙门加工中心", "Gantry machining centre"
    BORING = "cutting.boring", "镗床", "Boring mill"
    GRINDING = "cutting.grinding", "磨床", "Grinding machine"
    GEAR = "cutting.gear", "齿轮加工机床", "Gear cutting machine"
    DRILLING = "cutting.drilling", "钻攻中心", "Drilling and tapping centre"
    EDM_SINK = "special.edm_sink", "电火花成形机", "Die-sinking EDM"
    EDM_WIRE = "special.edm_wire", "线切割（慢走丝/中走丝）", "Wire EDM"
    LASER_CUT = "sheet.laser", "激光切割机", "Laser cutter"
    PLASMA = "sheet.plasma", "等离子/火焰切割", "Plasma or flame cutter"
    WATERJET = "sheet.waterjet", "水刀", "Water jet"
    PUNCH = "sheet.punch", "数控转塔冲床", "Turret punch press"
    PRESS_BRAKE = "sheet.brake", "折弯机", "Press brake"
    STAMPING = "forming.stamping", "冲压机/压力机", "Stamping press"
    FORGING = "forming.forging", "锻压机", "Forging press"
    INJECTION = "moulding.injection", "注塑机", "Injection moulding machine"
    BLOW = "moulding.blow", "吹塑机", "Blow moulding machine"
    EXTRUSION = "moulding.extrusion", "挤出机", "Extruder"
    DIE_CASTING = "moulding.die_casting", "压铸机", "Die casting machine"
    FDM = "additive.fdm", "3D 打印·FDM", "3D printing: FDM"
    SLA = "additive.sla", "3D 打印·光固化 SLA/DLP", "3D printing: SLA or DLP"
    SLS = "additive.sls", "3D 打印·尼龙烧结 SLS/MJF", "3D printing: SLS or MJF"
    SLM = "additive.slm", "3D 打印·金属 SLM", "3D printing: metal SLM"
    WELDING_ROBOT = "joining.welding", "焊接机器人", "Welding robot"
    SMT = "electronics.smt", "SMT 贴片线", "SMT line"
    REFLOW = "electronics.reflow", "回流焊/波峰焊", "Reflow or wave soldering"
    HEAT = "treatment.heat", "热处理炉", "Heat treatment furnace"
    COATING = "treatment.coating", "喷涂/电镀线", "Coating or plating line"
    CMM = "inspection.cmm", "三坐标测量机", "Coordinate measuring machine"
    SEWING = "textile.sewing", "工业缝纫/自动裁床", "Sewing or automatic cutting"
    KNITTING = "textile.knitting", "电脑横机/圆机", "Knitting machine"
    PRINTING = "paper.printing", "印刷机", "Printing press"
    WOODWORK = "wood.router", "木工加工中心", "Woodworking router"
    OTHER = "other.any", "其他设备", "Other"


class Controller(Word):
    FANUC = "fanuc", "发那科 FANUC", "FANUC"
    SIEMENS = "siemens", "西门子 SINUMERIK", "Siemens SINUMERIK"
    MITSUBISHI = "mitsubishi", "三菱 MITSUBISHI", "Mitsubishi"
    HEIDENHAIN = "heidenhain", "海德汉 HEIDENHAIN", "Heidenhain"
    MAZATROL = "mazatrol", "马扎克 MAZATROL", "Mazatrol"
    HAAS = "haas", "哈斯 HAAS", "Haas"
    HNC = "hnc", "华中数控", "HNC (Huazhong)"
    GSK = "gsk", "广州数控 GSK", "GSK"
    KND = "knd", "凯恩帝 KND", "KND"
    SYNTEC = "syntec", "新代 SYNTEC", "Syntec"
    BECKHOFF = "beckhoff", "倍福 BECKHOFF", "Beckhoff"
    OTHER = "other", "其他", "Other"


class Protocol(Word):
    """How the machine says what it does."""

    OPC_UA = "opc_ua", "OPC UA", "OPC UA"
    MTCONNECT = "mtconnect", "MTConnect", "MTConnect"
    MODBUS = "modbus_tcp", "Modbus TCP", "Modbus TCP"
    MQTT = "mqtt", "MQTT", "MQTT"
    FOCAS = "focas", "FOCAS", "FOCAS"
    PROFINET = "profinet", "PROFINET", "PROFINET"
    EUROMAP = "euromap", "EUROMAP 63/77（注塑）", "EUROMAP 63/77"
    GATEWAY = "gateway", "外接采集网关（电流/IO）", "Add-on gateway (current, I/O)"


class Staffing(Word):
    WITH_OPERATOR = "with_operator", "供方派操作工", "With the provider's operator"
    DRY = "dry", "需方自派操作工", "The consumer brings an operator"


class Offer(Attributes):
    machine: Machine = asked("设备类型", "Kind of machine")
    manufacturer: str = text("制造商", "Maker")
    model: str = text("型号", "Model")
    made_year: int | None = asked("出厂年份", "Year made", None, ge=1950, le=2100)
    machine_count: int = asked("同型设备台数", "Machines of this kind", 1, unit="台", ge=1, le=1000)
    axes: int | None = asked("轴数", "Axes", None, unit="轴", ge=1, le=12)
    travel_x_mm: int | None = asked("X 轴行程", "Travel X", None, unit="mm", ge=0, le=100_000)
    travel_y_mm: int | None = asked("Y 轴行程", "Travel Y", None, unit="mm", ge=0, le=100_000)
    travel_z_mm: int | None = asked("Z 轴行程", "Travel Z", None, unit="mm", ge=0, le=100_000)
    swing_diameter_mm: int | None = asked("最大回转直径", "Swing diameter", None, unit="mm", ge=0, le=20_000)
    max_load_kg: int | None = asked("最大承重", "Largest load", None, unit="kg", ge=0, le=1_000_000)
    spindle_rpm: int | None = asked("主轴最高转速", "Spindle speed", None, unit="r/min", ge=0, le=200_000)
    spindle_power_kw: float | None = asked("主轴功率", "Spindle power", None, unit="kW", ge=0, le=1000)
    force_kn: int | None = asked("公称力/锁模力", "Nominal or clamping force", None, unit="kN", ge=0, le=1_000_000)
    laser_power_w: int | None = asked("激光功率", "Laser power", None, unit="W", ge=0, le=200_000)
    tool_places: int | None = asked("刀库容量", "Tool magazine", None, unit="把", ge=0, le=1000)
    tolerance_um: float | None = asked("加工精度（可达公差）", "Tolerance reached", None, unit="μm", ge=0, le=10_000)
    roughness_ra_um: float | None = asked("表面粗糙度 Ra", "Surface roughness Ra", None, unit="μm", ge=0, le=100)
    materials: tuple[Material, ...] = several("可加工材料", "Materials")
    controller: Controller | None = asked("数控系统", "Controller", None)
    protocols: tuple[Protocol, ...] = several("数据接口", "Interfaces")
    is_connected: bool = asked("已联网，可上报运行状态", "Connected, reports its state", False)
    staffing: tuple[Staffing, ...] = several("人员", "Staffing", (Staffing.WITH_OPERATOR,), min_length=1)
    does_programming: bool = asked("含编程（CAM）", "Programming (CAM) included", False)
    provides_fixtures: bool = asked("含工装夹具", "Fixtures included", False)
    inspection: tuple[Line, ...] = several(
        "检测手段", "Inspection", help_zh="每行一个，如三坐标、粗糙度仪", help_en="One a line, such as CMM"
    )
    certificates: tuple[Certificate, ...] = several("认证", "Certificates")
    drawing_formats: tuple[Line, ...] = several(
        "可接收图纸格式", "Drawing formats", help_zh="如 STEP、IGES、DWG", help_en="Such as STEP, IGES, DWG"
    )
    service_interval_h: int | None = asked("保养间隔", "Service interval", None, unit="h", ge=1, le=100_000)
    remarks: str = note("补充说明", "Remarks")


class Need(Attributes):
    machine: Machine = asked("设备类型", "Kind of machine")
    part: str = note("工件说明", "The part", help_zh="图号、数量、工艺要求", help_en="Drawing, number, process")
    material: Material | None = asked("材料", "Material", None)
    size_x_mm: int | None = asked("工件长", "Part length", None, unit="mm", ge=0, le=100_000)
    size_y_mm: int | None = asked("工件宽", "Part width", None, unit="mm", ge=0, le=100_000)
    size_z_mm: int | None = asked("工件高", "Part height", None, unit="mm", ge=0, le=100_000)
    diameter_mm: int | None = asked("工件直径", "Part diameter", None, unit="mm", ge=0, le=20_000)
    weight_kg: int | None = asked("工件重量", "Part weight", None, unit="kg", ge=0, le=1_000_000)
    tolerance_um: float | None = asked("要求公差", "Tolerance wanted", None, unit="μm", ge=0, le=10_000)
    roughness_ra_um: float | None = asked("要求粗糙度 Ra", "Roughness wanted, Ra", None, unit="μm", ge=0, le=100)
    axes: int | None = asked("至少轴数", "Axes at least", None, unit="轴", ge=1, le=12)
    spindle_rpm: int | None = asked("至少主轴转速", "Spindle speed at least", None, unit="r/min", ge=0, le=200_000)
    force_kn: int | None = asked("至少公称力/锁模力", "Force at least", None, unit="kN", ge=0, le=1_000_000)
    controller: Controller | None = asked("指定数控系统", "Controller", None)
    staffing: Staffing | None = asked("人员", "Staffing", None)
    needs_connection: bool = asked("须联网计量", "Must be connected and metered", False)
    needs_programming: bool = asked("须含编程", "Needs programming", False)
    certificates: tuple[Certificate, ...] = several("须具备的认证", "Certificates required")


_MACHINE = Label("设备类型", "kind of machine")

_TERMS = (
    require("group", _MACHINE, Reading(("machine",), class_of), Reading(("machine",), class_of), eq,
            reason=Label("设备大类不同", "another group of machines")),
    in_class("machine", _MACHINE, Reading(("machine",), with_classes), Reading(("machine",), with_classes),
             otherwise=0.3, weight=3),
    all_of("material", Label("材料", "material"), "materials", "material", if_stated=True,
           reason=Label("不加工此材料", "does not work this material")),
    *(
        at_least(f"travel_{axis}", Label(f"{axis.upper()} 轴行程", f"travel {axis.upper()}"),
                 f"travel_{axis}_mm", f"size_{axis}_mm",
                 reason=Label(f"{axis.upper()} 轴行程不足", f"travel {axis.upper()} is too short"))
        for axis in "xyz"
    ),
    at_least("swing", Label("回转直径", "swing"), "swing_diameter_mm", "diameter_mm",
             reason=Label("回转直径不足", "swing is too small")),
    at_least("load", Label("承重", "load"), "max_load_kg", "weight_kg",
             reason=Label("承重不足", "bears too little weight")),
    at_most("tolerance", Label("公差", "tolerance"), "tolerance_um", "tolerance_um",
            reason=Label("精度不够", "does not reach the tolerance")),
    at_most("roughness", Label("粗糙度", "roughness"), "roughness_ra_um", "roughness_ra_um",
            reason=Label("粗糙度达不到", "does not reach the roughness")),
    at_least("axes", Label("轴数", "axes"), "axes", "axes", reason=Label("轴数不足", "has too few axes")),
    at_least("spindle", Label("主轴转速", "spindle speed"), "spindle_rpm", "spindle_rpm",
             reason=Label("主轴转速不足", "spindle is too slow")),
    at_least("force", Label("公称力", "force"), "force_kn", "force_kn",
             reason=Label("吨位不足", "force is too small")),
    equal("controller", Label("数控系统", "controller"), "controller", "controller", otherwise=0.5),
    all_of("staffing", Label("人员", "staffing"), "staffing", "staffing",
           reason=Label("人员安排不符", "is not staffed as wanted")),
    has("connection", Label("联网计量", "connection"), "is_connected", "needs_connection",
        reason=Label("设备未联网", "is not connected")),
    has("programming", Label("编程", "programming"), "does_programming", "needs_programming",
        reason=Label("不含编程", "does no programming")),
    all_of("certificates", Label("认证", "certificates"), "certificates", "certificates",
           reason=Label("缺少所需认证", "lacks a certificate that is required")),
)  # fmt: skip


EQUIPMENT = Direction(
    code="equipment",
    label=Label("生产设备", "Production equipment"),
    about=Label(
        "机床、注塑、激光、贴片等设备的空闲机时，联网计量",
        "Free hours on machine tools, moulding, laser and SMT lines, metered",
    ),
    icon="cog",
    units=("machine_hour",),
    lifecycle=Lifecycle.SLOTS,
    matching=MatchClass.DIVISIBLE,
    offer=Offer,
    need=Need,
    terms=_TERMS,
    facets=("machine", "materials", "controller", "protocols", "certificates"),
    is_exclusive=True,
    is_metered=True,
    places=lambda offer: offer.machine_count,
)
