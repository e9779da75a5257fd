// Draws the ECharts option that the page carries as JSON; a table with the same figures stands beside it.
import { BarChart, HeatmapChart, LineChart, PieChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([
  AriaComponent, BarChart, CanvasRenderer, GridComponent, HeatmapChart, LegendComponent, LineChart, MarkLineComponent, PieChart,
  ScatterChart, TooltipComponent, VisualMapComponent,
]);

export function chart(element: HTMLElement): void {
  const source = document.getElementById(element.dataset["source"] ?? "");
  if (!source?.textContent) return;
  const option = JSON.parse(source.textContent) as echarts.EChartsCoreOption;
  const token = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
  const instance = echarts.init(element, null, { renderer: "canvas" });
  const draw = () =>
    instance.setOption({
      color: [token("--color-primary"), token("--spare"), token("--color-info"), token("--color-secondary"), token("--color-success")],
      textStyle: { color: token("--color-base-content"), fontFamily: getComputedStyle(element).fontFamily },
      grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      ...option,
      // An HTML tooltip would need inline styles, which the content security policy forbids.
      tooltip: { renderMode: "richText", ...(option["tooltip"] as object | undefined) },
    });
  draw();
  new ResizeObserver(() => instance.resize()).observe(element);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
