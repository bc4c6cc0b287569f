package dev.warren.bench.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

final class LineChartTest {
  @Test
  void twiceAsManyLieAsFarApartEverywhere() throws Exception {
    var chart = new LineChart("hops");
    chart.add(
        new LineChart.Line(
            "0 %",
            List.of(
                new double[] {1_000, 1.5}, new double[] {10_000, 2}, new double[] {100_000, 3})));
    Document svg = parse(LineChart.beside(List.of(chart, chart)));
    var circles = svg.getElementsByTagName("circle");
    assertThat(circles.getLength()).isEqualTo(6);
    double first = number((Element) circles.item(0), "cx");
    double second = number((Element) circles.item(1), "cx");
    double third = number((Element) circles.item(2), "cx");
    assertThat(third - second).isCloseTo(second - first, org.assertj.core.data.Offset.offset(0.2));
    assertThat(number((Element) circles.item(2), "cy"))
        .isLessThan(number((Element) circles.item(0), "cy")); // up is more
    assertThat(svg.getDocumentElement().getTextContent()).contains("hops", "0 %", "10,000", "2.5");
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }
}
