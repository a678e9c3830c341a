/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter.Type;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.connection.CloseReason;
import dev.halley.connection.ConnectionObserver;
import dev.halley.observation.HalleyObservation;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What docs/operations.md, the dashboard and the alert rules say of meters is what there
 * is.
 */
class OperationsPageTests {

	private static final Path DOCS = Path.of("..", "docs");

	private static final Pattern METRIC = Pattern.compile("\\bhalley_[a-z_]+");

	private static final Pattern LABEL = Pattern.compile("\\b([a-z]+) ?=~? ?\"");

	private static final Pattern GROUPED = Pattern.compile("by \\(([^)]*)\\)");

	private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance", "le");

	/** What stands below a heading, until the next one of its kind. */
	private static Stream<String> section(String heading) throws IOException {
		String begin = "\n## " + heading + "\n";
		assertThat(page()).contains(begin);
		String from = page().substring(page().indexOf(begin) + begin.length());
		int end = from.indexOf("\n## ");
		return ((end >= 0) ? from.substring(0, end) : from).lines();
	}

	private static String page() throws IOException {
		return Files.readString(DOCS.resolve("operations.md"));
	}

	/** The name that Prometheus gets, without what it adds to those of timers. */
	private static String prometheusName(HalleyMeter meter) {
		String name = meter.getName().replace('.', '_');
		String unit = meter.getBaseUnit();
		name += (unit == null || name.endsWith("_" + unit)) ? "" : "_" + unit;
		return (meter.getType() == Type.COUNTER) ? name + "_total" : name;
	}

	private static List<String> samples(HalleyMeter meter) {
		String name = prometheusName(meter);
		return (meter.getType() != Type.TIMER) ? List.of(name)
				: List.of(name + "_count", name + "_sum", name + "_max", name + "_bucket");
	}

	private static String tags(HalleyMeter meter) {
		return Stream.of(meter.getKeyNames())
			.map(KeyName::asString)
			.map((tag) -> "`" + tag + "`")
			.collect(Collectors.joining(", "));
	}

	@Test
	void theTableHasTheMetersInTheirOrder() throws IOException {
		List<String> expected = Stream.of(HalleyMeter.values())
			.map((meter) -> "| `" + meter.getName() + "` | " + meter.getType().name().toLowerCase(Locale.ROOT) + " | `"
					+ prometheusName(meter) + "` | " + tags(meter))
			.map(String::strip)
			.toList();
		List<String> rows = section("Metrics").filter((line) -> line.startsWith("| `halley."))
			.map((line) -> line.substring(0, line.lastIndexOf(" | ")).strip())
			.toList();
		assertThat(rows).isEqualTo(expected);
	}

	@Test
	void theTableOfTagsHasThemAllAndTheirValues() throws IOException {
		Map<String, String> rows = section("Metrics").map(Pattern.compile("\\| `([a-z]+)` \\| (.*) \\|")::matcher)
			.filter(Matcher::matches)
			.collect(Collectors.toMap((row) -> row.group(1), (row) -> row.group(2)));
		assertThat(rows.keySet())
			.containsExactlyInAnyOrderElementsOf(Stream.of(HalleyTag.values()).map(HalleyTag::asString).toList());
		assertThat(rows.get("reason")).contains(quoted(CloseReason.values()));
		assertThat(rows.get("outcome")).contains(quoted(ConnectionObserver.Outcome.values()));
	}

	@Test
	void theTableHasTheObservationsInTheirOrder() throws IOException {
		List<String> expected = Stream.of(HalleyObservation.values())
			.map((observation) -> "| `" + observation.getName() + "` | " + keys(observation.getLowCardinalityKeyNames())
					+ " | " + keys(observation.getHighCardinalityKeyNames()))
			.map((row) -> row.replace("|  |", "| |").strip())
			.toList();
		List<String> rows = section("Observations").filter((line) -> line.startsWith("| `halley."))
			.map((line) -> line.substring(0, line.lastIndexOf(" | ")).strip())
			.toList();
		assertThat(rows).isEqualTo(expected);
	}

	@Test
	void theTableOfKeysHasThemAllAndNoMeterHasTheNameOfAnObservation() throws IOException {
		Set<String> rows = section("Observations").map(Pattern.compile("\\| `([a-z]+)` \\| (.*) \\|")::matcher)
			.filter(Matcher::matches)
			.map((row) -> row.group(1))
			.collect(Collectors.toSet());
		assertThat(rows).containsExactlyInAnyOrderElementsOf(
				Stream.of(HalleyObservation.Key.values()).map(HalleyObservation.Key::asString).toList());
		assertThat(Stream.of(HalleyMeter.values()).map(HalleyMeter::getName)).doesNotContainAnyElementsOf(
				Stream.of(HalleyObservation.values()).map(HalleyObservation::getName).toList());
	}

	private static String keys(KeyName[] keys) {
		return Stream.of(keys)
			.map(KeyName::asString)
			.sorted()
			.map((key) -> "`" + key + "`")
			.collect(Collectors.joining(", "));
	}

	private static List<String> quoted(Enum<?>[] values) {
		return Stream.of(values).map((value) -> "`" + value.name().toLowerCase(Locale.ROOT) + "`").toList();
	}

	@Test
	void theDashboardShowsMetersThatThereAre() throws IOException {
		JsonNode dashboard = JsonMapper.shared()
			.readTree(Files.readString(DOCS.resolve("grafana/halley-dashboard.json")));
		List<String> queries = new ArrayList<>(dashboard.findValuesAsString("expr"));
		assertThat(queries).hasSizeGreaterThan(10);
		queries.addAll(dashboard.findValuesAsString("definition"));
		assertKnown(queries);
		assertThat(shown(queries)).as("meters without a panel")
			.containsExactlyInAnyOrderElementsOf(Stream.of(HalleyMeter.values()).map(HalleyMeter::getName).toList());
	}

	private static Set<String> shown(Collection<String> queries) {
		Set<String> names = names(queries);
		return Stream.of(HalleyMeter.values())
			.filter((meter) -> samples(meter).stream().anyMatch(names::contains))
			.map(HalleyMeter::getName)
			.collect(Collectors.toSet());
	}

	@Test
	void theAlertRulesWatchMetersThatThereAreAndAreExplained() throws IOException {
		Map<?, ?> file = new Yaml().load(Files.readString(DOCS.resolve("grafana/halley-alerts.yml")));
		List<String> queries = new ArrayList<>();
		List<String> alerts = new ArrayList<>();
		for (Object group : (List<?>) file.get("groups")) {
			for (Object each : (List<?>) ((Map<?, ?>) group).get("rules")) {
				Map<?, ?> rule = (Map<?, ?>) each;
				queries.add(String.valueOf(rule.get("expr")));
				alerts.add(String.valueOf(rule.get("alert")));
				assertThat(String.valueOf(rule.get("for"))).matches("\\d+m");
				assertThat((Map<?, ?>) rule.get("annotations")).hasSize(2);
			}
		}
		assertThat(queries).isNotEmpty();
		assertKnown(queries);
		List<String> explained = page().lines()
			.filter((line) -> line.startsWith("| `Halley"))
			.map((line) -> line.substring(3, line.indexOf('`', 3)))
			.toList();
		assertThat(explained).isEqualTo(alerts);
	}

	/**
	 * Names and labels: a wrong one would be an empty graph, or an alert that never
	 * comes.
	 */
	private static void assertKnown(Collection<String> queries) {
		Set<String> samples = Stream.of(HalleyMeter.values())
			.flatMap((meter) -> samples(meter).stream())
			.collect(Collectors.toSet());
		assertThat(samples).containsAll(names(queries));
		for (String query : queries) {
			Set<String> known = new TreeSet<>(OF_PROMETHEUS);
			Stream.of(HalleyMeter.values())
				.filter((meter) -> samples(meter).stream().anyMatch(names(List.of(query))::contains))
				.flatMap((meter) -> Stream.of(meter.getKeyNames()))
				.map(KeyName::asString)
				.forEach(known::add);
			assertThat(known).as(query).containsAll(labels(query));
		}
	}

	private static Set<String> names(Collection<String> queries) {
		return queries.stream()
			.flatMap((query) -> METRIC.matcher(query).results())
			.map((found) -> found.group())
			.collect(Collectors.toSet());
	}

	private static Set<String> labels(String query) {
		Set<String> labels = LABEL.matcher(query)
			.results()
			.map((found) -> found.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
		GROUPED.matcher(query).results().forEach((found) -> labels.addAll(List.of(found.group(1).split(", ?"))));
		return labels;
	}

}
