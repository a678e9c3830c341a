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

package dev.halley.codec;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.halley.codec.Payload.Kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class PayloadTests {

	@Test
	void textIsTheSameFromAStringAndFromUtf8() {
		Payload string = Payload.text("aä\u20ac\ud83d\ude00");
		Payload utf8 = Payload.text("aä\u20ac\ud83d\ude00".getBytes(StandardCharsets.UTF_8));
		assertThat(string).isEqualTo(utf8).hasSameHashCodeAs(utf8).hasToString("TEXT(10 bytes)");
		assertThat(utf8.text()).isEqualTo(string.text());
		assertThat(utf8.size()).isEqualTo(10);
	}

	@Test
	void convertsOnce() {
		Payload string = Payload.text("abc");
		assertThat(string.isString()).isTrue();
		assertThat(string.bytes()).isSameAs(string.bytes());
		assertThat(string.isString()).isFalse();
		Payload utf8 = Payload.text(new byte[] { 'a' });
		assertThat(utf8.text()).isSameAs(utf8.text());
	}

	@Test
	void differsInKindAndContent() {
		assertThat(Payload.text("a")).isNotEqualTo(Payload.binary(new byte[] { 'a' }))
			.isNotEqualTo(Payload.text("b"))
			.isNotEqualTo("a");
		assertThat(Payload.ping(new byte[0])).isNotEqualTo(Payload.pong(new byte[0]));
	}

	@Test
	void halfOfASurrogatePairIsAQuestionMarkOnTheWire() {
		assertThat(Payload.text("a\ud800").bytes()).containsExactly('a', '?');
		assertThat(Payload.text("a\ud800b\udc00").wellFormedText()).isEqualTo("a?b?");
	}

	@Test
	void textThatIsWellFormedIsHandedOnAsItIs() {
		String text = "ü€😀";
		assertThat(Payload.text(text).wellFormedText()).isSameAs(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "abc", "aäb", "€", "a\ud83d\ude00b", "\ud83d", "\ude00", "a\ud83d",
			"\ud83d\ud83d\ude00", "\ude00\ud83d", "\ud83dä", "\u007f\u0080\u07ff\u0800\uffff" })
	void isMeasuredWithoutBeingConverted(String text) {
		Payload payload = Payload.text(text);
		int measured = payload.measure();
		assertThat(payload.isString()).isTrue();
		assertThat(measured).isEqualTo(payload.size()).isEqualTo(payload.measure());
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void isOfItsKindOnly(Kind kind) {
		Payload payload = BuiltInCodecsTests.payload(kind);
		assertThat(payload.kind()).isEqualTo(kind);
		assertThat(payload.expect(kind)).isSameAs(payload);
		Kind other = (kind != Kind.TEXT) ? Kind.TEXT : Kind.BINARY;
		assertThatExceptionOfType(MessageDecodingException.class).isThrownBy(() -> payload.expect(other))
			.withMessage("message: " + kind + " (expected: " + other + ")");
	}

	@Test
	void textAndBytesAreNotTakenForEachOther() {
		assertThatExceptionOfType(MessageDecodingException.class).isThrownBy(() -> Payload.binary(new byte[0]).text());
		assertThatExceptionOfType(MessageDecodingException.class).isThrownBy(() -> Payload.text("").binary());
	}

	@Test
	void controlFramesHaveAtMost125Bytes() {
		assertThat(Payload.ping(new byte[125]).size()).isEqualTo(125);
		assertThatIllegalArgumentException().isThrownBy(() -> Payload.ping(new byte[126]))
			.withMessage("data of a control frame: 126 bytes (expected: <= 125)");
		assertThatIllegalArgumentException().isThrownBy(() -> Payload.pong(new byte[126]));
	}

	@Test
	void keepsAFormForTheOthersThatItGoesTo() {
		Payload payload = Payload.text("a");
		Payload.SharedForm form = new Payload.SharedForm() {
		};
		assertThatIllegalStateException().isThrownBy(() -> payload.keepSharedForm(form));
		assertThat(payload.share().isShared()).isTrue();
		assertThat(payload.sharedForm()).isNull();
		payload.keepSharedForm(form);
		assertThat(payload.share().sharedForm()).isSameAs(form);
	}

	@Test
	void whatTextIsBelongsToIt() {
		Payload.Content event = new Payload.Content() {
		};
		byte[] text = "data: a".getBytes(StandardCharsets.UTF_8);
		Payload payload = Payload.text(text, event).share();
		payload.keepSharedForm(new Payload.SharedForm() {
		});
		assertThat(payload.content()).isSameAs(event);
		assertThat(payload).isEqualTo(Payload.text(text, event)).isNotEqualTo(Payload.text(text));
		assertThat(Payload.text(text).content()).isNull();
	}

}
