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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * A whole message in the form it has on the wire: text or bytes (or, for those who ask
 * for frames, a ping or a pong). Text is held as a string, as UTF-8 bytes, or both once
 * both were asked for, so that neither transports of bytes nor transports of strings
 * convert twice.
 * <p>
 * Immutable and thread-safe, as long as nobody writes to the arrays: they are not copied.
 *
 * @since 0.1
 */
public final class Payload {

	/**
	 * What a payload is.
	 */
	public enum Kind {

		/** Text, UTF-8 on the wire. */
		TEXT,

		/** Bytes. */
		BINARY,

		/** A ping with at most 125 bytes of application data. */
		PING,

		/** A pong with at most 125 bytes of application data. */
		PONG

	}

	/** Of a payload that goes to many connections and has no form yet. */
	private static final SharedForm NOT_MADE = new SharedForm() {
	};

	private final Kind kind;

	private final @Nullable Content content;

	private @Nullable String text;

	// Unlike a string, an array needs it to be seen whole by the other threads that share
	// it
	private volatile byte @Nullable [] bytes;

	/** If it goes to many connections, the form that they share. */
	private volatile @Nullable SharedForm form;

	private Payload(Kind kind, @Nullable Content content, @Nullable String text, byte @Nullable [] bytes) {
		this.kind = kind;
		this.content = content;
		this.text = text;
		this.bytes = bytes;
	}

	/**
	 * Returns a text payload.
	 * @param text the text; unpaired surrogates become {@code ?} on the wire
	 * @return the payload
	 */
	public static Payload text(String text) {
		Assert.notNull(text, "'text' must not be null");
		return new Payload(Kind.TEXT, null, text, null);
	}

	/**
	 * Returns a text payload of text that is UTF-8 already.
	 * @param utf8 valid UTF-8, not copied
	 * @return the payload
	 */
	public static Payload text(byte[] utf8) {
		Assert.notNull(utf8, "'utf8' must not be null");
		return new Payload(Kind.TEXT, null, null, utf8);
	}

	/**
	 * Returns a text payload whose text is more than text on the wire that it is for.
	 * @param utf8 valid UTF-8, not copied
	 * @param content what the text is
	 * @return the payload
	 */
	public static Payload text(byte[] utf8, Content content) {
		Assert.notNull(utf8, "'utf8' must not be null");
		Assert.notNull(content, "'content' must not be null");
		return new Payload(Kind.TEXT, content, null, utf8);
	}

	/**
	 * Returns a binary payload.
	 * @param bytes the bytes, not copied
	 * @return the payload
	 */
	public static Payload binary(byte[] bytes) {
		Assert.notNull(bytes, "'bytes' must not be null");
		return new Payload(Kind.BINARY, null, null, bytes);
	}

	/**
	 * Returns a ping.
	 * @param data at most 125 bytes, not copied
	 * @return the payload
	 */
	public static Payload ping(byte[] data) {
		return control(Kind.PING, data);
	}

	/**
	 * Returns a pong.
	 * @param data at most 125 bytes, not copied
	 * @return the payload
	 */
	public static Payload pong(byte[] data) {
		return control(Kind.PONG, data);
	}

	private static Payload control(Kind kind, byte[] data) {
		Assert.isTrue(data.length <= 125,
				() -> "data of a control frame: " + data.length + " bytes (expected: <= 125)");
		return new Payload(kind, null, null, data);
	}

	/**
	 * Returns what this is.
	 * @return the kind
	 */
	public Kind kind() {
		return this.kind;
	}

	/**
	 * Returns what the text is on the wire that its codec has made it for.
	 * @return the content, or {@code null} for text as such and for all that is no text
	 */
	public @Nullable Content content() {
		return this.content;
	}

	/**
	 * Returns this if it is of the expected kind.
	 * @param expected the kind
	 * @return this
	 * @throws MessageDecodingException if it is of another kind
	 */
	Payload expect(Kind expected) {
		if (this.kind != expected) {
			throw new MessageDecodingException("message: " + this.kind + " (expected: " + expected + ")");
		}
		return this;
	}

	/**
	 * Whether the text would have to be converted to get the bytes.
	 * @return whether this is held as a string only
	 */
	boolean isString() {
		return this.bytes == null;
	}

	/**
	 * Returns the text.
	 * @return the text
	 * @throws MessageDecodingException if this is not {@link Kind#TEXT}
	 */
	public String text() {
		expect(Kind.TEXT);
		String text = this.text;
		if (text == null) {
			text = new String(bytes(), StandardCharsets.UTF_8);
			this.text = text;
		}
		return text;
	}

	/**
	 * Returns the text as it goes over the wire, for those who hand on strings: with
	 * {@code ?} in place of each unpaired surrogate.
	 * @return the text, which has a form in UTF-8
	 * @throws MessageDecodingException if this is not {@link Kind#TEXT}
	 */
	public String wellFormedText() {
		String text = text();
		return hasUnpairedSurrogate(text) ? new String(bytes(), StandardCharsets.UTF_8) : text;
	}

	private static boolean hasUnpairedSurrogate(String text) {
		return text.chars().anyMatch((c) -> Character.isSurrogate((char) c)) && text.codePoints()
			.anyMatch((point) -> point <= Character.MAX_VALUE && Character.isSurrogate((char) point));
	}

	/**
	 * Returns the bytes as they go over the wire: of text, its UTF-8.
	 * @return the bytes, not a copy
	 */
	public byte[] bytes() {
		byte[] bytes = this.bytes;
		if (bytes == null) {
			bytes = textToBytes();
			this.bytes = bytes;
		}
		return bytes;
	}

	private byte[] textToBytes() {
		String text = this.text;
		Assert.state(text != null, "A payload has text or bytes");
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Returns the bytes of a binary message, for reading.
	 * @return a read-only view of the bytes
	 * @throws MessageDecodingException if this is not {@link Kind#BINARY}
	 */
	public ByteBuffer binary() {
		expect(Kind.BINARY);
		return ByteBuffer.wrap(bytes()).asReadOnlyBuffer();
	}

	/**
	 * Returns the size on the wire, without the frame's header.
	 * @return the size in bytes
	 */
	public int size() {
		return bytes().length;
	}

	/**
	 * Returns the same as {@link #size()}, for those who count and need no bytes: text
	 * that is held as a string is looked through and not converted.
	 * @return the size in bytes
	 */
	public int measure() {
		byte[] bytes = this.bytes;
		String text = this.text;
		return (bytes == null && text != null) ? utf8Length(text) : bytes().length;
	}

	private static int utf8Length(String text) {
		int length = text.length();
		int bytes = length;
		for (int i = 0; i < length; i++) {
			char c = text.charAt(i);
			if (c >= 0x80) {
				boolean pair = Character.isHighSurrogate(c) && i + 1 < length
						&& Character.isLowSurrogate(text.charAt(i + 1));
				bytes += pair ? 2 : moreThanOne(c);
				i += pair ? 1 : 0;
			}
		}
		return bytes;
	}

	/** What a character that is no part of a pair takes beyond its first byte. */
	private static int moreThanOne(char c) {
		if (Character.isSurrogate(c)) {
			return 0;
		}
		return (c < 0x800) ? 1 : 2;
	}

	/**
	 * Tells that this payload goes to many connections, so that a form that one of them
	 * has made is worth keeping.
	 * @return this
	 */
	public Payload share() {
		if (this.form == null) {
			this.form = NOT_MADE;
		}
		return this;
	}

	/**
	 * Whether this payload goes to many connections.
	 * @return whether it is shared
	 */
	public boolean isShared() {
		return this.form != null;
	}

	/**
	 * Returns the form that was kept last. Each kind of wire knows its own by the type.
	 * @return the form, or {@code null} if none was kept
	 */
	public @Nullable SharedForm sharedForm() {
		SharedForm form = this.form;
		return (form != NOT_MADE) ? form : null;
	}

	/**
	 * Keeps a form for the other connections, in place of the one that was kept before.
	 * Two threads may have made one at once; the last one stays.
	 * @param form the form
	 * @throws IllegalStateException if this is not {@linkplain #share() shared}
	 */
	public void keepSharedForm(SharedForm form) {
		Assert.state(isShared(), "A form is kept with a payload that goes to many connections");
		this.form = form;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return (this == other) || (other instanceof Payload that && this.kind == that.kind
				&& Objects.equals(this.content, that.content) && Arrays.equals(bytes(), that.bytes()));
	}

	@Override
	public int hashCode() {
		return 31 * this.kind.hashCode() + Arrays.hashCode(bytes());
	}

	@Override
	public String toString() {
		return this.kind + "(" + size() + " bytes)";
	}

	/**
	 * What text is that a codec has made for one kind of wire, such as a whole event of
	 * an event stream. It is part of what the payload means: on its wire it is written
	 * otherwise than text of which nothing is said.
	 */
	public interface Content {

	}

	/**
	 * A form of a payload for many connections that one of them has made for the others,
	 * such as the complete frame. It is a pure function of the payload, so that nothing
	 * changes if it is lost, or made twice.
	 */
	public interface SharedForm {

	}

}
