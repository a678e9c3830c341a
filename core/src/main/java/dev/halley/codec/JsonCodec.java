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

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.json.JsonMapper;

/**
 * One type as JSON text.
 *
 * @param <T> the type of the messages
 */
final class JsonCodec<T> implements MessageCodec<T>, DecodingCheck {

	// The same for all that can be wrong: it may be sent to the peer
	private static final String UNREADABLE = "message: text (expected: JSON of the declared type)";

	// How many bytes Jackson looks at to guess the character set
	private static final int CHARSET_PROBE = 4;

	private final JsonMapper mapper;

	private final MessageType type;

	private final JavaType javaType;

	private final boolean declaredTypeOnly;

	private final ObjectReader reader;

	private final ObjectWriter declaredWriter;

	private final ObjectWriter runtimeWriter;

	JsonCodec(JsonMapper mapper, MessageType type, JavaType javaType) {
		this.mapper = mapper;
		this.type = type;
		this.javaType = javaType;
		this.reader = mapper.readerFor(javaType).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
		this.declaredWriter = mapper.writerFor(javaType);
		this.runtimeWriter = mapper.writer();
		this.declaredTypeOnly = javaType.isContainerType() || javaType.isReferenceType() || isPolymorphic();
	}

	private boolean isPolymorphic() {
		return this.mapper._serializationContext().findTypeSerializer(this.javaType) != null;
	}

	@Override
	public void checkDecoding() {
		try {
			if (this.mapper._deserializationContext()
				.findRootValueDeserializer(this.javaType) instanceof AbstractDeserializer) {
				throw unreadable("an abstract type that does not say which of its subtypes a message is", null);
			}
		}
		catch (JacksonException ex) {
			throw unreadable("which cannot be read from JSON", ex);
		}
	}

	private UnsupportedMessageTypeException unreadable(String reason, @Nullable Throwable cause) {
		return new UnsupportedMessageTypeException(this.type.toString(), reason,
				"a record, a sealed interface with @JsonTypeInfo, or a bean of type MessageCodec<" + this.type + ">",
				cause);
	}

	/**
	 * Refuses what is of another type, as all codecs do: a hub weighs messages before
	 * they are mapped to what is sent, and must not read through whatever they refer to.
	 */
	@Override
	public Payload encode(T message) {
		Assert.isTrue(ClassUtils.isAssignableValue(this.type.raw(), message),
				() -> "message: " + message.getClass().getName() + " (expected: " + this.type + ")");
		return Payload.text(writer(message).writeValueAsBytes(message));
	}

	/**
	 * The declared type writes what its annotations, or those of its elements, say of
	 * type ids. For other types it would hide the properties of a subclass.
	 */
	private ObjectWriter writer(T message) {
		return (this.declaredTypeOnly || message.getClass() == this.type.raw()) ? this.declaredWriter
				: this.runtimeWriter;
	}

	@Override
	public T decode(Payload payload) {
		T message = read(payload.expect(Payload.Kind.TEXT));
		if (message == null) {
			throw new MessageDecodingException(UNREADABLE);
		}
		return message;
	}

	/**
	 * Whatever reading throws is due to the content, also what a message's constructor
	 * throws, and a stack that overflows on nested types.
	 */
	private @Nullable T read(Payload payload) {
		try {
			return payload.isString() ? this.reader.readValue(payload.text()) : readUtf8(payload.bytes());
		}
		catch (RuntimeException | StackOverflowError ex) {
			throw new MessageDecodingException(UNREADABLE, ex, JsonDiagnosis.of(ex));
		}
	}

	/**
	 * Reads UTF-8 only: left alone, Jackson takes text that starts with a NUL for UTF-16
	 * or UTF-32.
	 */
	private @Nullable T readUtf8(byte[] utf8) {
		for (int i = 0; i < Math.min(CHARSET_PROBE, utf8.length); i++) {
			Assert.isTrue(utf8[i] != 0, "NUL at the start of JSON");
		}
		return this.reader.readValue(utf8);
	}

}
