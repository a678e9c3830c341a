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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import jakarta.validation.Validator;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ResolvableType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.Hub;
import dev.halley.hub.broker.PayloadCodec;

/**
 * Finds the codec of a message type: the application's own {@link MessageCodec} first,
 * then text for {@link String}, binary for {@code byte[]} and
 * {@link java.nio.ByteBuffer}, frames for
 * {@link org.springframework.web.socket.WebSocketMessage}, the data of a
 * {@link ServerSentEvent}, and JSON for all other types if there is a {@code JsonMapper}.
 * <p>
 * Thread-safe. Equal types always get the same codec, however they were declared: a
 * message to many connections is encoded once for each codec. Codecs are to be looked up
 * at start-up, so that a type without a codec is found there.
 * <p>
 * An application's codec takes exactly its own type, not the subtypes. {@code Object},
 * and types that leave open what they are, have no codec unless the application brings
 * one.
 *
 * @since 0.1
 */
public final class MessageCodecs {

	/**
	 * The codec of {@link Void}, for a direction in which there are no messages.
	 */
	public static final MessageCodec<Object> NONE = NoMessageCodec.INSTANCE;

	private final Map<MessageType, MessageCodec<?>> own;

	private final Map<MessageType, MessageCodec<?>> codecs = new ConcurrentHashMap<>();

	private final List<CodecFactory> factories;

	private final @Nullable ValidatorPort validator;

	/** Without JSON its codec's class may not even be loaded. */
	private final @Nullable CodecFactory json;

	private MessageCodecs(Builder builder) {
		this.own = Map.copyOf(builder.own);
		this.factories = List.copyOf(builder.factories());
		this.validator = builder.validator;
		this.json = builder.json;
	}

	/**
	 * Starts without codecs of the application, without JSON and without validation.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Returns the codec of a type.
	 * @param type the type of the messages
	 * @return the codec, the same one for equal types
	 * @throws UnsupportedMessageTypeException if there is none; its message says what to
	 * declare instead
	 */
	public MessageCodec<?> codec(ResolvableType type) {
		return codec(MessageType.of(type));
	}

	@SuppressWarnings("unchecked")
	private MessageCodec<?> codec(MessageType type) {
		if (type.raw() == ServerSentEvent.class && !this.own.containsKey(type)) {
			return new EventDataCodec((MessageCodec<Object>) codec(EventDataCodec.dataOf(type)));
		}
		return this.codecs.computeIfAbsent(type, this::create);
	}

	/**
	 * Returns the codec of a message whose type nobody has declared: that of its class.
	 * @param message the message
	 * @return the codec
	 * @throws UnsupportedMessageTypeException if there is none
	 */
	@SuppressWarnings("unchecked")
	public MessageCodec<Object> codecOf(Object message) {
		return (MessageCodec<Object>) codec(typeOf(message));
	}

	/**
	 * Returns the type of a message that nobody has declared: its class, and of an event
	 * that of its data.
	 * @param message the message
	 * @return the type
	 */
	public static ResolvableType typeOf(Object message) {
		Object data = (message instanceof ServerSentEvent<?> event) ? event.data() : null;
		return (data != null) ? ResolvableType.forClassWithGenerics(ServerSentEvent.class, typeOf(data))
				: ResolvableType.forClass(message.getClass());
	}

	/**
	 * Whether a codec writes JSON: then its text is the form of a value, otherwise text
	 * is just text.
	 * @param codec one of {@link #codec}
	 * @return whether it is that of a type which nothing else takes
	 */
	public boolean isJson(MessageCodec<?> codec) {
		return this.json != null
				&& ((codec instanceof EventDataCodec event) ? isJson(event.data()) : codec instanceof JsonCodec);
	}

	/**
	 * As {@link #codec}, for messages that come in: also refuses types whose messages can
	 * be written but never read, such as an interface without {@code @JsonTypeInfo}.
	 * @param type the type of the messages
	 * @return the codec
	 * @throws UnsupportedMessageTypeException if there is none, or it cannot decode
	 */
	public MessageCodec<?> inbound(ResolvableType type) {
		MessageCodec<?> codec = codec(type);
		if (codec instanceof DecodingCheck check) {
			check.checkDecoding();
		}
		return codec;
	}

	/**
	 * Finds a class of messages by the name that another node has given. Only classes
	 * that this node could come upon anyhow are found: strings, bytes, those that a codec
	 * was looked up for, and those below one that the application has declared.
	 * @param name the name of the class
	 * @return the class, or {@code null} if there is none of that name here
	 */
	public @Nullable Class<?> named(String name) {
		for (Class<?> type : List.of(String.class, byte[].class, ByteBuffer.class)) {
			if (type.getName().equals(name)) {
				return type;
			}
		}
		return Stream.concat(this.own.keySet().stream(), this.codecs.keySet().stream())
			.map(MessageType::raw)
			.distinct()
			.map((declared) -> named(name, declared))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	private static @Nullable Class<?> named(String name, Class<?> declared) {
		if (declared.getName().equals(name)) {
			return declared;
		}
		if (declared.getName().startsWith("java.") || declared.isPrimitive() || declared.isArray()) {
			return null;
		}
		try {
			Class<?> type = Class.forName(name, false, declared.getClassLoader());
			return declared.isAssignableFrom(type) ? type : null;
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return null;
		}
	}

	/**
	 * Returns what a broker carries of the messages of a hub: their form on connections.
	 * Not that of frames such as pings, which are for one peer.
	 * @param type the type of the hub's messages
	 * @return the codec
	 * @throws UnsupportedMessageTypeException if there is none, or it cannot decode
	 */
	@SuppressWarnings("unchecked")
	public PayloadCodec hub(ResolvableType type) {
		return new HubCodec((MessageCodec<Object>) inbound(type));
	}

	/**
	 * Returns what a broker carries of the data of a hub's {@linkplain Hub#join members},
	 * whose type nobody has declared: JSON. What it decodes are strings, numbers,
	 * booleans, lists and maps.
	 * @return the codec
	 * @throws UnsupportedMessageTypeException if there is no JSON
	 */
	@SuppressWarnings("unchecked")
	public PayloadCodec values() {
		MessageCodec<?> json = (this.json != null) ? this.json.create(MessageType.ANYTHING) : null;
		if (json == null) {
			throw new UnsupportedMessageTypeException("data of a hub's members",
					"which would be JSON, but there is no JsonMapper",
					"a JsonMapper bean, which spring-boot-starter-json brings");
		}
		return new HubCodec((MessageCodec<Object>) json);
	}

	/**
	 * Whether messages can be validated.
	 * @return whether there is a validator
	 */
	public boolean isValidating() {
		return this.validator != null;
	}

	/**
	 * As {@link #inbound}, with Bean Validation of each message, or of its elements if it
	 * is a collection, a map or an array. Without a validator nothing is validated.
	 * @param type the type of the messages
	 * @param groups the validation groups, none for the default group
	 * @return the codec, whose {@code decode} throws {@link InvalidMessageException}
	 * @throws UnsupportedMessageTypeException if there is none, or it cannot decode
	 */
	public MessageCodec<?> validatedInbound(ResolvableType type, Class<?>... groups) {
		MessageCodec<?> codec = inbound(type);
		return (this.validator != null) ? this.validator.validating(codec, groups) : codec;
	}

	private MessageCodec<?> create(MessageType type) {
		MessageCodec<?> codec = this.own.get(type);
		if (codec == null && type.mentions(ServerSentEvent.class)) {
			throw new UnsupportedMessageTypeException(type.toString(), "an event inside of a message has no form",
					"ServerSentEvent itself, or the type of its data");
		}
		for (CodecFactory factory : this.factories) {
			codec = (codec != null) ? codec : factory.create(type);
		}
		if (codec == null) {
			throw new UnsupportedMessageTypeException(type.toString(),
					"which would be JSON, but there is no JsonMapper",
					"a JsonMapper bean, which spring-boot-starter-json brings, or a bean of type MessageCodec<" + type
							+ ">");
		}
		return codec;
	}

	/**
	 * Collects what {@link MessageCodecs} are made of. Not thread-safe.
	 */
	public static final class Builder {

		private final Map<MessageType, MessageCodec<?>> own = new LinkedHashMap<>();

		private @Nullable CodecFactory json;

		private @Nullable ValidatorPort validator;

		private Builder() {
		}

		/**
		 * Adds a codec of the application, whose class tells the type of its messages.
		 * @param codec the codec
		 * @return this builder
		 * @throws UnsupportedMessageTypeException if its class does not tell
		 */
		public Builder codec(MessageCodec<?> codec) {
			Assert.notNull(codec, "'codec' must not be null");
			return codec(ResolvableType.forClass(AopUtils.getTargetClass(codec)), codec);
		}

		/**
		 * Adds a codec of the application. Of two for one type the first is taken.
		 * @param codecType the codec's type, such as that of its bean definition
		 * @param codec the codec
		 * @return this builder
		 * @throws UnsupportedMessageTypeException if its type does not tell that of the
		 * messages
		 */
		public Builder codec(ResolvableType codecType, MessageCodec<?> codec) {
			Assert.notNull(codec, "'codec' must not be null");
			ResolvableType type = codecType.as(MessageCodec.class).getGeneric(0);
			if (type.resolve() == null) {
				throw new UnsupportedMessageTypeException(type.toString(),
						"of the codec " + codec.getClass().getName() + " that leaves it open",
						"a codec class that implements MessageCodec<the type of its messages>");
			}
			this.own.putIfAbsent(MessageType.of(type), codec);
			return this;
		}

		/**
		 * Adds JSON for all types that nothing else takes.
		 * @param mapper what reads and writes it
		 * @return this builder
		 */
		public Builder json(JsonMapper mapper) {
			Assert.notNull(mapper, "'mapper' must not be null");
			this.json = new JsonCodecs(mapper);
			return this;
		}

		/**
		 * Adds Bean Validation.
		 * @param validator what validates
		 * @return this builder
		 */
		public Builder validator(Validator validator) {
			Assert.notNull(validator, "'validator' must not be null");
			this.validator = new BeanValidation(validator);
			return this;
		}

		/**
		 * Makes the codecs.
		 * @return new codecs; the builder may be used on
		 */
		public MessageCodecs build() {
			return new MessageCodecs(this);
		}

		private List<CodecFactory> factories() {
			List<CodecFactory> factories = new ArrayList<>(List.of(new BuiltInCodecs()));
			if (this.json != null) {
				factories.add(this.json);
			}
			return factories;
		}

	}

}
