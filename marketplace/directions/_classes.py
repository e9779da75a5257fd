"""What each class of capacity is called: what stands before the first full stop of a choice, where it has members."""

from marketplace.directions._labels import Label

# direction -> class -> what people call it; a class of one member is called as that is.
CLASSES = {
    "instruments": {
        "analytical": Label("分析仪器", "Analytical instruments"),
        "physical": Label("物理性能测试仪器", "Physical tests"),
        "metrology": Label("计量仪器", "Metrology"),
        "electronic": Label("电子测量仪器", "Electronic measurement"),
        "process": Label("工艺试验设备", "Process test equipment"),
    },
    "equipment": {
        "cutting": Label("金属切削机床", "Metal cutting machines"),
        "special": Label("电加工机床", "Electrical discharge machines"),
        "sheet": Label("钣金与切割设备", "Sheet metal and cutting-off"),
        "forming": Label("冲压锻压设备", "Presses"),
        "moulding": Label("注塑成型设备", "Moulding machines"),
        "additive": Label("3D 打印设备", "3D printers"),
        "electronics": Label("电子装联设备", "Electronics assembly lines"),
        "treatment": Label("热处理与表面处理设备", "Heat and surface treatment"),
        "textile": Label("纺织缝制设备", "Textile machines"),
    },
    "capacity": {
        "metal": Label("金属加工", "Metalworking"),
        "treatment": Label("热处理与表面处理", "Heat and surface treatment"),
        "plastic": Label("塑料与橡胶成型", "Plastics and rubber"),
        "electronics": Label("电子制造", "Electronics"),
        "textile": Label("纺织服装鞋包", "Textiles, shoes and bags"),
        "paper": Label("印刷包装", "Printing and packaging"),
        "food": Label("食品加工与灌装", "Food"),
        "chemical": Label("化工与日化", "Chemicals and cosmetics"),
        "building": Label("建材加工", "Building materials"),
        "assembly": Label("装配与小批量制作", "Assembly and small series"),
    },
}
