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

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

import dev.halley.CloseStatuses;
import dev.halley.Hubs;
import dev.halley.StackReserve;
import dev.halley.codec.MessageCodecs;
import dev.halley.connection.LiveConnection.Sending;

/**
 * Who is connected: for whoever has no connection at hand, such as a service that has
 * news for a user, or an administrator who ends a user's connections. Auto-configuration
 * provides one as a bean.
 * <p>
 * What is found and counted are the connections of this node. To send and to close
 * reaches those of all nodes, if hubs have a broker: those of this node before the call
 * returns, others as soon as the broker has told their node. A node without a link to the
 * broker at that moment is not told later. A connection whose handshake is under way is
 * none yet, so whoever locks a user out has to see to it first that handshakes are
 * refused.
 * <p>
 * The user is whom {@link java.security.Principal#getName()} of the handshake names.
 * Thread-safe. No method waits for a peer or for the broker.
 *
 * @since 0.1
 */
public final class Connections implements DisposableBean {

	private final ConnectionRegistry registry;

	private final @Nullable OtherNodes others;

	/**
	 * Creates an instance, which listens to other nodes until it is destroyed.
	 * @param registry the connections of this node
	 * @param codecs finds how messages are told to other nodes; asked when there is one
	 * @param hubs whose broker brings what is to be done to other nodes
	 */
	public Connections(ConnectionRegistry registry, Supplier<MessageCodecs> codecs, Hubs hubs) {
		Assert.notNull(registry, "'registry' must not be null");
		Assert.notNull(codecs, "'codecs' must not be null");
		Assert.notNull(hubs, "'hubs' must not be null");
		this.registry = registry;
		this.others = OtherNodes.of(hubs, codecs, this);
	}

	/**
	 * Finds a connection of this node.
	 * @param id its id
	 * @return the connection, unless it is closing or gone
	 */
	public Optional<LiveConnection> find(String id) {
		Assert.notNull(id, "'id' must not be null");
		LiveConnection live = this.registry.index().live(id);
		return (live != null && live.isOpen()) ? Optional.of(live) : Optional.empty();
	}

	/**
	 * Finds connections of this node: those that are open, or about to open. Fast for the
	 * connections of a user; other filters look at all connections.
	 * @param filter which connections
	 * @return a snapshot, in no particular order
	 */
	public List<LiveConnection> find(ConnectionFilter filter) {
		Assert.notNull(filter, "'filter' must not be null");
		return this.registry.index().live(filter);
	}

	/**
	 * Counts connections of this node, as {@link #find(ConnectionFilter)} finds them.
	 * @param filter which connections
	 * @return how many there are
	 */
	public int count(ConnectionFilter filter) {
		return find(filter).size();
	}

	/**
	 * Sends a message to all connections of a user.
	 * @param user the name of the user
	 * @param message as in {@link #send(ConnectionFilter, Object)}
	 * @return what has become of it
	 */
	public Sent send(String user, Object message) {
		return send(ConnectionFilter.ofUser(user), message);
	}

	/**
	 * Sends a message to connections, beside what their outs send. Each encodes it as it
	 * encodes what its out sends; one whose out sends another type is left out, as are
	 * sessions of Spring's own handlers. The message takes its place at the end of the
	 * connection's send queue: what one thread sends to a connection goes out in that
	 * order, after what the out has handed over before, and before what it hands over
	 * later. It has no id, so that whoever comes back to a hub comes back to the same
	 * position. An out that has ended on a WebSocket is no obstacle.
	 * <p>
	 * Where the send buffer is full, the endpoint's {@link dev.halley.Overflow} says what
	 * happens, and it is never a message of the out that is dropped: the connection is
	 * closed with 1013; or the oldest message that was sent in this way and waits makes
	 * room, and if there is none the new one is dropped; or the new one is dropped. With
	 * {@code LATEST} only the newest one waits of those that were sent in this way, full
	 * or not. So one that was queued may still be dropped for a later one.
	 * <p>
	 * A connection that closes first sends what is queued, unless its peer has closed it
	 * or is too slow. Whether a message has arrived nobody knows: only an answer of the
	 * client can tell.
	 * @param filter which connections
	 * @param message the message, not to be changed afterwards. Encoded on this thread.
	 * Other nodes get it in the form that its own class has, and read it if their
	 * endpoints have that type: not if the class has type parameters, such as a list or
	 * an event, so that a record is to be sent in its place
	 * @return what has become of it
	 * @throws IllegalArgumentException if it is a close status
	 */
	public Sent send(ConnectionFilter filter, Object message) {
		Assert.notNull(filter, "'filter' must not be null");
		Sent here = sendHere(filter, new Letter(message));
		CompletionStage<Void> elsewhere = (this.others != null) ? this.others.send(filter, message) : nowhere();
		return new Sent(here.queued(), here.dropped(), here.unsupported(), here.closed(), elsewhere);
	}

	Sent sendHere(ConnectionFilter filter, Letter letter) {
		int[] counts = new int[Sending.values().length];
		find(filter).stream().filter(LivePair.class::isInstance).forEach((live) -> {
			Sending sending = letter.sendTo(((LivePair) live).connection());
			counts[sending.ordinal()]++;
		});
		return new Sent(counts[Sending.QUEUED.ordinal()], counts[Sending.DROPPED.ordinal()],
				counts[Sending.UNSUPPORTED.ordinal()], counts[Sending.CLOSED.ordinal()], nowhere());
	}

	/**
	 * Closes all connections of a user.
	 * @param user the name of the user
	 * @param status as in {@link LiveConnection#close}
	 * @return what was done
	 * @throws IllegalArgumentException if the status is none that may be sent
	 */
	public Closed close(String user, CloseStatus status) {
		return close(ConnectionFilter.ofUser(user), status);
	}

	/**
	 * Closes connections, each after what is queued to be sent.
	 * @param filter which connections
	 * @param status as in {@link LiveConnection#close}
	 * @return what was done
	 * @throws IllegalArgumentException if the status is none that may be sent
	 */
	public Closed close(ConnectionFilter filter, CloseStatus status) {
		Assert.notNull(filter, "'filter' must not be null");
		CloseStatus sendable = CloseStatuses.sendable(status);
		StackReserve.require();
		int here = closeHere(filter, sendable);
		return new Closed(here, (this.others != null) ? this.others.close(filter, sendable) : nowhere());
	}

	int closeHere(ConnectionFilter filter, CloseStatus status) {
		List<LiveConnection> found = find(filter);
		found.forEach((live) -> ConnectionIndex.guarded(live, (each) -> each.close(status)));
		return found.size();
	}

	private static CompletionStage<Void> nowhere() {
		return CompletableFuture.completedStage(null);
	}

	@Override
	public void destroy() {
		if (this.others != null) {
			this.others.dispose();
		}
	}

	/**
	 * What has become of a message.
	 *
	 * @param queued on how many connections of this node it is queued, or written
	 * already. Where the endpoint's overflow is {@code DROP_OLDEST} or {@code LATEST}, it
	 * may still be dropped for a later one
	 * @param dropped on how many connections of this node it was dropped
	 * @param unsupported how many connections of this node send another type
	 * @param closed how many connections of this node were closing, or are closed since
	 * their send buffer is full
	 * @param elsewhere is completed when the other nodes are told, at once if there are
	 * none. Fails with a {@link dev.halley.HubUnavailableException} if the broker cannot
	 * be reached, with a {@link dev.halley.HubClosedException} after the hubs were
	 * closed, with a {@link dev.halley.HubMessageTooLargeException}, or with an
	 * {@link dev.halley.codec.UnsupportedMessageTypeException} if the message has no form
	 * for other nodes
	 */
	public record Sent(int queued, int dropped, int unsupported, int closed, CompletionStage<Void> elsewhere) {
	}

	/**
	 * Which connections were closed.
	 *
	 * @param closed how many of this node
	 * @param elsewhere is completed when the other nodes are told, at once if there are
	 * none. Fails with a {@link dev.halley.HubUnavailableException} if the broker cannot
	 * be reached, and with a {@link dev.halley.HubClosedException} after the hubs were
	 * closed
	 */
	public record Closed(int closed, CompletionStage<Void> elsewhere) {
	}

}
