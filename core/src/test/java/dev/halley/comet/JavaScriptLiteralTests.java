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

package dev.halley.comet;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link JavaScriptLiteral}.
 */
class JavaScriptLiteralTests {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	@Test
	void plainTextIsQuotedAsItIs() {
		assertThat(JavaScriptLiteral.ofString("Tom \"T.\" says: äöü 汉字 😀 / `x` ${y} = #"))
			.isEqualTo("'Tom \"T.\" says: äöü 汉字 😀 / `x` ${y} = #'");
	}

	@Test
	void emptyTextIsAnEmptyLiteral() {
		assertThat(JavaScriptLiteral.ofString("")).isEqualTo("''");
	}

	@ParameterizedTest
	@ValueSource(ints = { '<', '>', '&', '\'', 0x2028, 0x2029, 0, '\t', '\n', '\r', 0x1f, 0x7f, 0x80, 0x85, 0x9f,
			0xd800, 0xdbff, 0xdc00, 0xdfff, 0xfffe, 0xffff })
	void unsafeCharacterIsEscapedInStringsAndInStringsOfJson(int unsafe) {
		String escaped = String.format("\\u%04x", unsafe);
		assertThat(JavaScriptLiteral.ofString("a" + (char) unsafe + "b")).isEqualTo("'a" + escaped + "b'");
		if (unsafe >= ' ') {
			assertThat(JavaScriptLiteral.ofJson("\"a" + (char) unsafe + "b\"")).isEqualTo("\"a" + escaped + "b\"");
		}
	}

	@Test
	void noUnsafeCharacterIsEverWrittenAsItIs() {
		for (int c = 0; c < 0x10000; c++) {
			String literal = JavaScriptLiteral.ofString("x" + (char) c + "x");
			assertThat(literal.substring(1, literal.length() - 1))
				.doesNotContainPattern("[<>&'\\u2028\\u2029\\x00-\\x1f\\x7f-\\x9f\\uFFFE\\uFFFF]|\\p{Cs}");
		}
	}

	@Test
	void backslashIsDoubledInAStringAndKeptInJson() {
		assertThat(JavaScriptLiteral.ofString("a\\b")).isEqualTo("'a\\\\b'");
		assertThat(JavaScriptLiteral.ofJson("\"a\\\\b\\n\\u00e4\"")).isEqualTo("\"a\\\\b\\n\\u00e4\"");
	}

	@Test
	void surrogatesInPairsAreKeptBesideLoneOnes() {
		assertThat(JavaScriptLiteral.ofString("\ud83d\ud83d\ude00\ude00")).isEqualTo("'\\ud83d\ud83d\ude00\\ude00'");
	}

	@Test
	void jsonIsItsOwnExpression() {
		assertThat(JavaScriptLiteral.ofJson("{\"foo\":\"bar\",\"n\":[1,-2.5e3,true,null]}"))
			.isEqualTo("{\"foo\":\"bar\",\"n\":[1,-2.5e3,true,null]}");
	}

	@Test
	void lineEndsAndTabsBetweenTokensBecomeSpaces() {
		assertThat(JavaScriptLiteral.ofJson("{\r\n\t\"a\" : 1\n}")).isEqualTo("{   \"a\" : 1 }");
	}

	@Test
	void closingScriptTagInJsonIsHarmless() {
		assertThat(JavaScriptLiteral.ofJson("{\"</script>\":\"<!--<script>'&\"}"))
			.isEqualTo("{\"\\u003c/script\\u003e\":\"\\u003c!--\\u003cscript\\u003e\\u0027\\u0026\"}");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
			{"__proto__":{"a":1}}                      | {"__proto__":{"a":1}}
			[{"x":{"__proto__":1,"__proto__":2}}]      | [{"x":{"__proto__":2}}]
			{"__pr\\u006fto__":null}                   | {"__proto__":null}
			""")
	void memberNamedLikeThePrototypeIsAMember(String json, String value) {
		String expression = JavaScriptLiteral.ofJson(json);
		assertThat(expression).startsWith("JSON.parse('").endsWith("')");
		assertThat(new ScriptEngine().evaluate(expression)).isEqualTo(value);
	}

	@Test
	void stringThatSpeaksOfThePrototypeIsNoReasonToParse() {
		assertThat(JavaScriptLiteral.ofJson("[\"__proto__\"]")).isEqualTo("[\"__proto__\"]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01", "+1", ".5", "1.", "NaN",
			"Infinity", "undefined", "truex", "1 2", "1,2", "{}{}", "\"a\"\"b\"", "\"a", "\"\n\"", "\"\\x41\"",
			"\"\\u12\"", "\"\\\u2028\"", "[1]]", "[1}", "]", "/* c */1", "1//", "alert(1)", "1);alert(1", "<!--",
			"\u20281", "1\u2029", "\u00a01", "1\0", "{\"a\" 1}", "{1:2}", "\ufeff" })
	void textThatIsNotOneJsonValueIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> JavaScriptLiteral.ofJson(text))
			.withMessage("JSON: " + JavaScriptLiteral.ofString(text) + " (expected: exactly one valid JSON value)");
	}

	@Test
	void refusalShowsNoMoreThanTheStart() {
		assertThatIllegalArgumentException().isThrownBy(() -> JavaScriptLiteral.ofJson("x".repeat(1_000_000)))
			.withMessageMatching("JSON: 'x{100}' .*");
	}

	@Test
	void textOfAnySizeIsJson() {
		String name = "n".repeat(200_000);
		String digits = "1".repeat(5000);
		assertThat(JavaScriptLiteral.ofJson("{\"" + name + "\":" + digits + "}"))
			.hasSize(name.length() + digits.length() + 5);
	}

	@Test
	void jsonTooDeepForABrowserIsRefused() {
		assertThat(JavaScriptLiteral.ofJson("[".repeat(500) + "]".repeat(500))).hasSize(1000);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> JavaScriptLiteral.ofJson("[".repeat(100_000) + "]".repeat(100_000)));
	}

	@Test
	void engineEvaluatesAnyStringBackToItself() {
		ScriptEngine engine = new ScriptEngine();
		strings().forEach((text) -> assertThat(engine.evaluate(JavaScriptLiteral.ofString(text))).isEqualTo(text));
	}

	@Test
	void engineEvaluatesAnyJsonBackToItsValue() {
		ScriptEngine engine = new ScriptEngine();
		RandomJson.texts(2, 2000).forEach((json) -> {
			String evaluated = engine.evaluate("JSON.stringify(" + JavaScriptLiteral.ofJson(json) + ")");
			assertThat(MAPPER.readTree(evaluated).equals(JavaScriptLiteralTests::compare, MAPPER.readTree(json)))
				.as("%s evaluated to %s", json, evaluated)
				.isTrue();
		});
	}

	@Test
	void withoutJacksonTheBrowserParses() throws Exception {
		Class<?> type = new WithoutJackson().loadClass(JavaScriptLiteral.class.getName());
		Method ofJson = type.getDeclaredMethod("ofJson", String.class);
		ofJson.setAccessible(true);
		assertThat(ofJson.invoke(null, "{\"a\":\"</script>\"}"))
			.isEqualTo("JSON.parse('{\"a\":\"\\u003c/script\\u003e\"}')");
	}

	private static Stream<String> strings() {
		return Stream.concat(HostileText.known(), HostileText.random(1, 5000));
	}

	private static int compare(JsonNode left, JsonNode right) {
		if (left.isNumber() && right.isNumber()) {
			return Double.compare(left.doubleValue(), right.doubleValue());
		}
		return left.equals(right) ? 0 : 1;
	}

	/**
	 * Loads the class under test anew, with a view of the class path that lacks Jackson.
	 */
	private static final class WithoutJackson extends ClassLoader {

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (name.startsWith("tools.jackson.")) {
				throw new ClassNotFoundException(name);
			}
			return name.equals(JavaScriptLiteral.class.getName()) ? define(name) : super.loadClass(name, resolve);
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream in = JavaScriptLiteral.class.getResourceAsStream("JavaScriptLiteral.class")) {
				byte[] bytes = in.readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
