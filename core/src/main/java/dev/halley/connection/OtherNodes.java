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

package dev.halley.connection;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.log.LogMessage;
import org.springframework.web.socket.CloseStatus;
import reactor.core.Disposable;

import dev.halley.CloseStatuses;
import dev.halley.Hubs;
import dev.halley.NodeLink;
import dev.halley.NodeMessage;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.Payload;
import dev.halley.codec.UnsupportedMessageTypeException;

/**
 * What this node and the others ask each other to do with their connections.
 * <p>
 * Thread-safe.
 */
final class OtherNodes {

	private static final Log logger = LogFactory.getLog(Connections.class);

	private final NodeLink link;

	private final Supplier<MessageCodecs> codecs;

	private final Connections connections;

	private final Disposable listening;

	private OtherNodes(NodeLink link, Supplier<MessageCodecs> codecs, Connections connections) {
		this.link = link;
		this.codecs = codecs;
		this.connections = connections;
		this.listening = link.listen(this::hear, OtherNodes::missed);
	}

	/** Returns those of a node, or {@code null} if there are none. */
	static @Nullable OtherNodes of(Hubs hubs, Supplier<MessageCodecs> codecs, Connections connections) {
		NodeLink link = NodeLink.of(hubs);
		return (link != null) ? new OtherNodes(link, codecs, connections) : null;
	}

	CompletionStage<Void> send(ConnectionFilter filter, Object message) {
		NodeMessage told;
		try {
			told = told(filter, message);
		}
		catch (Exception ex) {
			return CompletableFuture.failedStage(ex);
		}
		return this.link.tell(told);
	}

	private NodeMessage told(ConnectionFilter filter, Object message) throws Exception {
		Class<?> type = (message instanceof ByteBuffer) ? ByteBuffer.class : message.getClass();
		if (type.getTypeParameters().length > 0) {
			throw new UnsupportedMessageTypeException(type.getName(),
					"whose type parameters are not known, so that no other node could read it", "a record");
		}
		Payload payload = codec(type).encode(message);
		return new NodeMessage.Send(this.link.node(), filter.toMap(), type.getName(),
				payload.kind() == Payload.Kind.BINARY, payload.bytes());
	}

	@SuppressWarnings("unchecked")
	private MessageCodec<Object> codec(Class<?> type) {
		return (MessageCodec<Object>) this.codecs.get().inbound(ResolvableType.forClass(type));
	}

	CompletionStage<Void> close(ConnectionFilter filter, CloseStatus status) {
		String reason = (status.getReason() != null) ? status.getReason() : "";
		return this.link.tell(new NodeMessage.Close(this.link.node(), filter.toMap(), status.getCode(), reason));
	}

	/** What cannot be understood is left out, and logged by whoever calls this. */
	private void hear(NodeMessage message) {
		ConnectionFilter filter = ConnectionFilter.of(message.to());
		if (message instanceof NodeMessage.Send send) {
			receive(filter, send);
		}
		else if (message instanceof NodeMessage.Close close) {
			CloseStatus status = new CloseStatus(close.code(), close.reason().isEmpty() ? null : close.reason());
			this.connections.closeHere(filter, CloseStatuses.sendable(status));
		}
	}

	private static void missed() {
		logger.info("Some of what other nodes have asked this one to do with its connections was missed: "
				+ "the link to the broker was interrupted, or this node was behind");
	}

	private void receive(ConnectionFilter filter, NodeMessage.Send send) {
		if (this.connections.count(filter) == 0) {
			return;
		}
		Class<?> type = this.codecs.get().named(send.type());
		if (type == null) {
			logger.debug(LogMessage.of(() -> "No endpoint of this node has the type of a message from another node: "
					+ FailureLog.excerpt(send.type())));
			return;
		}
		Payload payload = send.binary() ? Payload.binary(send.bytes()) : Payload.text(send.bytes());
		this.connections.sendHere(filter, new Letter(decode(type, payload)));
	}

	private Object decode(Class<?> type, Payload payload) {
		try {
			return codec(type).decode(payload);
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException("A message from another node cannot be read", ex);
		}
	}

	void dispose() {
		this.listening.dispose();
	}

}
