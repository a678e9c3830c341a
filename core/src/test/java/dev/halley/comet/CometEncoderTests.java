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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link CometEncoder} and {@link CometMarkup}.
 */
class CometEncoderTests {

	private static final CometMarkup MARKUP = CometMarkup.of("parent.cometMessage");

	private final CometEncoder encoder = new CometEncoder(MARKUP);

	@Test
	void streamStartsWith5132Bytes() {
		assertThat(this.encoder.initialChunk()).hasSize(5132)
			.isEqualTo((" ".repeat(5120) + "<html><body>").getBytes(StandardCharsets.US_ASCII));
	}

	@Test
	void textIsAScriptThatCallsBackWithAString() {
		assertThat(string(this.encoder.text("kiki"))).isEqualTo("<script>parent.cometMessage('kiki');</script>");
	}

	@Test
	void jsonIsAScriptThatCallsBackWithItsValue() {
		assertThat(string(this.encoder.json("{\"foo\":\"bar\"}")))
			.isEqualTo("<script>parent.cometMessage({\"foo\":\"bar\"});</script>");
	}

	@Test
	void invalidJsonIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.encoder.json("{\"foo\":"))
			.withMessage("JSON: '{\"foo\":' (expected: exactly one valid JSON value)");
	}

	@Test
	void expressionThatWasMadeBeforeIsWrittenAsItIs() {
		assertThat(this.encoder.script(JavaScriptLiteral.ofString("a"))).isEqualTo(this.encoder.text("a"));
	}

	@Test
	void textIsUtf8() {
		assertThat(this.encoder.text("é😀"))
			.isEqualTo("<script>parent.cometMessage('é😀');</script>".getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void heartbeatIsWhitespace() {
		assertThat(string(this.encoder.heartbeat())).isEqualTo(" ");
	}

	@Test
	void callerMayChangeWhatItGot() {
		this.encoder.heartbeat()[0] = 'x';
		this.encoder.initialChunk()[0] = 'x';
		assertThat(this.encoder.heartbeat()).isEqualTo(new byte[] { ' ' });
		assertThat(this.encoder.initialChunk()).startsWith(' ');
	}

	@Test
	void firstChunkCanBeChosen() {
		CometEncoder encoder = new CometEncoder(MARKUP.withInitialChunk("<!doctype html><title>é</title>"));
		assertThat(string(encoder.initialChunk())).isEqualTo("<!doctype html><title>é</title>");
	}

	@Test
	void nonceIsAnAttribute() {
		assertThat(string(new CometEncoder(MARKUP.withNonce("cmFuZG9t+/==")).text("kiki")))
			.isEqualTo("<script nonce=\"cmFuZG9t+/==\">parent.cometMessage('kiki');</script>");
	}

	@Test
	void nonceIsEscaped() {
		String nonce = "\"><script>'&lt;\u2028😀";
		Document page = page(new CometEncoder(MARKUP.withNonce(nonce)), List.of("kiki"));
		assertThat(page.select("script")).singleElement()
			.satisfies((script) -> assertThat(script.attr("nonce")).isEqualTo(nonce));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a\nb", "a\0", "\u007f" })
	void nonceThatNoAttributeCanHoldIsRefused(String nonce) {
		assertThatIllegalArgumentException().isThrownBy(() -> MARKUP.withNonce(nonce))
			.withMessage("nonce: " + JavaScriptLiteral.ofString(nonce)
					+ " (expected: at least one character, and no control characters)");
	}

	@Test
	void formatRefusesCallbackThatIsNoName() {
		assertThatIllegalArgumentException().isThrownBy(() -> CometMarkup.of("alert(1);//"))
			.withMessageStartingWith("callback: 'alert(1);//' (expected: ");
	}

	@Test
	void removalComesBeforeTheCall() {
		assertThat(string(new CometEncoder(MARKUP.withRemoveScripts(true).withNonce("n")).text("kiki")))
			.isEqualTo("<script nonce=\"n\">!function(d){var s=d.currentScript||d.scripts[d.scripts.length-1];"
					+ "s.parentNode.removeChild(s)}(document);parent.cometMessage('kiki');</script>");
	}

	@Test
	void scriptRemovesItsOwnTag() {
		ScriptEngine engine = new ScriptEngine();
		engine.run("document.currentScript = tag('current')");
		engine.run(scriptOf(new CometEncoder(MARKUP.withRemoveScripts(true))));
		assertThat(engine.removedTags()).containsExactly("current");
		assertThat(engine.messages()).containsExactly("kiki");
	}

	@Test
	void inAnOldBrowserTheLastTagIsTheOneThatRuns() {
		ScriptEngine engine = new ScriptEngine();
		engine.run(scriptOf(new CometEncoder(MARKUP.withRemoveScripts(true))));
		assertThat(engine.removedTags()).containsExactly("last");
		assertThat(engine.messages()).containsExactly("kiki");
	}

	@Test
	void tagIsRemovedThoughTheCallbackFails() {
		ScriptEngine engine = new ScriptEngine();
		String script = scriptOf(new CometEncoder(CometMarkup.of("parent.fails").withRemoveScripts(true)));
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> engine.run(script))
			.withMessageContaining("kiki");
		assertThat(engine.removedTags()).containsExactly("last");
	}

	@Test
	void pageHasOneScriptForEachHostileTextAndNothingElse() {
		Stream.of(MARKUP, MARKUP.withNonce("n"), MARKUP.withRemoveScripts(true)).forEach((markup) -> {
			List<String> texts = Stream.concat(HostileText.known(), HostileText.random(3, 500)).toList();
			Document page = page(new CometEncoder(markup), texts);
			assertThat(run(page)).isEqualTo(texts);
			assertThat(page.body().children()).hasSameSizeAs(texts).allMatch((child) -> child.nameIs("script"));
		});
	}

	@Test
	void hostileTextIsTheWholeDataOfItsScript() {
		Stream.concat(HostileText.known(), HostileText.random(4, 1000)).forEach((text) -> {
			Element script = onlyScript(page(this.encoder, List.of(text)));
			assertThat(script.data()).isEqualTo("parent.cometMessage(" + JavaScriptLiteral.ofString(text) + ");");
		});
	}

	@Test
	void pageHasOneScriptForEachHostileJsonAndNothingElse() {
		List<String> texts = RandomJson.texts(5, 1000).toList();
		StringBuilder html = new StringBuilder(string(this.encoder.initialChunk()));
		texts.forEach((json) -> html.append(string(this.encoder.json(json))));
		Document page = Jsoup.parse(html.toString());
		assertThat(page.body().children()).hasSameSizeAs(texts).allMatch((child) -> child.nameIs("script"));
		assertThat(page.select("script")).extracting(Element::data)
			.containsExactlyElementsOf(texts.stream()
				.map((json) -> "parent.cometMessage(" + JavaScriptLiteral.ofJson(json) + ");")
				.toList());
	}

	private static Document page(CometEncoder encoder, List<String> texts) {
		StringBuilder html = new StringBuilder(string(encoder.initialChunk()));
		texts.forEach((text) -> html.append(string(encoder.text(text))).append(string(encoder.heartbeat())));
		return Jsoup.parse(html.toString());
	}

	private static List<String> run(Document page) {
		ScriptEngine engine = new ScriptEngine();
		page.select("script").forEach((script) -> engine.run(script.data()));
		return engine.messages();
	}

	private static String scriptOf(CometEncoder encoder) {
		return onlyScript(page(encoder, List.of("kiki"))).data();
	}

	private static Element onlyScript(Document page) {
		assertThat(page.select("script")).hasSize(1);
		return page.select("script").get(0);
	}

	private static String string(byte[] utf8) {
		return new String(utf8, StandardCharsets.UTF_8);
	}

}
