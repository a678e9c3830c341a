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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link CallbackName}.
 */
class CallbackNameTests {

	@ParameterizedTest
	@ValueSource(strings = { "f", "_", "$", "console.log", "parent.cometMessage", "a1.b2.c3", "$.jq._x$9", "this.tick",
			"parent.delete", "imports", "evaluate", "eval.log", "top.import" })
	void namesOfFunctionsAreTaken(String name) {
		assertThat(new CallbackName(name)).hasToString(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", ".", "a.", ".a", "a..b", "1a", "a.1", "a-b", "a b", "a\n", "\na", "a.b\r\n",
			"f()", "f(1)", "a[0]", "a;b", "a,b", "a=b", "a'b", "a\"b", "</script>", "a</script>", "a//", "a/**/", "é",
			"a\u2028", "a\0", "a\\u0062", "\ud83d\ude00", "alert(document.cookie)//" })
	void everythingElseIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new CallbackName(name))
			.withMessage("callback: " + JavaScriptLiteral.ofString(name)
					+ " (expected: identifiers of A-Z, a-z, 0-9, _ and $, joined by dots, in at most 128 characters,"
					+ " such as parent.cometMessage)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "import", "import.meta", "delete", "typeof", "new.target", "function", "return", "if",
			"this", "super.x", "null", "true.x", "let", "await" })
	void reservedWordIsRefusedAtTheStart(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new CallbackName(name))
			.withMessage("callback: '" + name + "' (expected: a name that does not start with a reserved word)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "eval", "window.eval", "setTimeout", "parent.setInterval", "execScript" })
	void functionThatRunsTextAsCodeIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new CallbackName(name))
			.withMessage("callback: '" + name + "' (expected: a function that does not run its argument as code)");
	}

	@Test
	void lengthIsLimited() {
		String longest = "a.".repeat(63) + "bb";
		assertThat(new CallbackName(longest).value()).hasSize(CallbackName.MAX_LENGTH);
		assertThatIllegalArgumentException().isThrownBy(() -> new CallbackName(longest + "b"))
			.withMessageStartingWith("callback: '" + longest + "' (expected: ");
	}

	@Test
	void hugeNameIsRefusedAtOnceAndShownCut() {
		assertThatIllegalArgumentException().isThrownBy(() -> new CallbackName("a.".repeat(10_000_000)))
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(400));
	}

	@Test
	void messageIsSafeToPrint() {
		assertThatIllegalArgumentException().isThrownBy(() -> new CallbackName("a\r\n<b>\u001b[31m"))
			.withMessageStartingWith("callback: 'a\\u000d\\u000a\\u003cb\\u003e\\u001b[31m' ");
	}

	@Test
	void missingNameIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new CallbackName(null));
	}

}
