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

package dev.halley;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Broadcast: what is published reaches every {@link #out()} that is subscribed to at that
 * moment, in one order for all. Get one by name from {@link Hubs}.
 * <p>
 * Thread-safe. Publishing never waits for a client: each connection has its own bounded
 * send buffer and {@link Overflow}, and one that reads slowly, fails or leaves disturbs
 * no other. Whoever publishes delivers too, but only so much of what others publish
 * meanwhile. Publishing in the middle of a delivery, from a function below or a codec, is
 * delivered by another thread.
 * <p>
 * Functions that are put between a hub and its connections ({@code map}, {@code filter},
 * {@code through}) may run on the publishing thread and must not block. Those of
 * {@code map} and {@code filter} see each message in order and one at a time, also for a
 * connection that can take no more at the moment: what waits for it, and counts in its
 * send buffer, is what they made.
 * <p>
 * A hub can keep a {@link History}: set by name in {@link Hubs}, or for one hub in
 * {@link Hubs#hub(String, Class, History)}. Who subscribes with a {@link Replay} gets
 * what it asks for of the history, each message when it can take it, and then what is
 * published, in one order, without a gap and without a message that comes twice. On an
 * event stream, and on Comet by choice, the id of what comes from such a hub is its
 * {@link Position}.
 *
 * @param <T> the type of the messages
 * @since 0.1
 */
public interface Hub<T> {

	/**
	 * Returns the name of this hub.
	 * @return the name
	 */
	String name();

	/**
	 * Publishes a message to all who are subscribed now. Does not wait for anything, so
	 * that whoever does not care for the outcome may leave it.
	 * @param message the message, not {@code null}; not to be changed afterwards
	 * @return the place of the message in the order of this hub, once it has one: in
	 * memory when this returns. Fails with a {@link HubClosedException} if the hub is
	 * closed and the message went nowhere; with a broker also with a
	 * {@link HubUnavailableException} or a {@link HubMessageTooLargeException}
	 */
	CompletionStage<Position> publish(T message);

	/**
	 * Publishes a message once, however often it is tried: a message with the same key
	 * that is in the history stands for this one.
	 * @param message the message, not {@code null}; not to be changed afterwards
	 * @param key what makes this message another than all others of the hub, not empty
	 * @return as {@link #publish(Object)}; the place of the first message with this key
	 * @throws IllegalStateException if this hub keeps no history
	 */
	CompletionStage<Position> publishOnce(T message, String key);

	/**
	 * Returns what goes out to one subscriber: each message published from its
	 * subscription on. It ends when the hub is closed.
	 * @return an out that any number of connections may use
	 */
	Out<T> out();

	/**
	 * As {@link #out()}, with only those messages that fit.
	 * @param filter tells for each message whether this subscriber gets it; asked on the
	 * publishing thread, at most once for a message; must not block; if it throws, this
	 * subscriber alone fails
	 * @return an out that any number of connections may use
	 */
	Out<T> out(Predicate<? super T> filter);

	/**
	 * Returns what goes out to one who begins in the history. One whose position is not
	 * within it fails with a {@link HubResetException}, since a gap that nobody is told
	 * of is what a history is there to prevent. An event stream is told by an event with
	 * the name {@code halley-reset} instead, and goes on.
	 * @param replay where to begin
	 * @return an out that any number of connections may use
	 * @throws IllegalStateException if this hub keeps no history
	 */
	Out<T> out(Replay replay);

	/**
	 * As {@link #out(Replay)}, for one that goes on though its position is not within the
	 * history.
	 * @param replay where to begin
	 * @param onReset makes the message that goes out first then, in place of what is
	 * missing: {@code (reset) -> null} for none; must not block. If it throws, that is
	 * how the out fails
	 * @return an out that any number of connections may use
	 * @throws IllegalStateException if this hub keeps no history
	 */
	Out<T> out(Replay replay, Function<? super HubEvent.Reset<T>, ? extends @Nullable T> onReset);

	/**
	 * Returns what goes out to one who begins in the history and wants to know where each
	 * message is, and whether some are missing.
	 * @param replay where to begin
	 * @return an out that any number of connections may use
	 * @throws IllegalStateException if this hub keeps no history
	 */
	Out<HubEvent<T>> events(Replay replay);

	/**
	 * As {@link #out()}, of one who is present while a connection runs it.
	 * @param member as in {@link #join(String, Object, Out)}
	 * @param data as in {@link #join(String, Object, Out)}
	 * @return an out that any number of connections may use
	 */
	default Out<T> join(String member, Object data) {
		return join(member, data, out());
	}

	/**
	 * Makes a member present while a connection runs an out: from its subscription on,
	 * with {@code events}, another hub's messages or anything else. Several connections
	 * of one name are one member.
	 * <p>
	 * When its last connection is lost, a member is present for a grace still, 15 seconds
	 * where nothing else is said, so that nobody is told of a page that is loaded again.
	 * It leaves at once when the end was meant: by {@link Out#eof()} or {@link Out#close}
	 * with a status that does not invite to come again (1001, 1012, 1013), or by the
	 * client of a WebSocket that closes it with 1000 or without a status. A browser's
	 * page that is left, closed or loaded again says 1001, and a stream that is left says
	 * nothing: for those there is the grace.
	 * @param member the name of the member, not empty. Who may use which is for the
	 * application to see to: take the name of the user
	 * @param data what the others are told of the member, not {@code null}; not to be
	 * changed afterwards. Data that is not equal to what the member has replaces it. In a
	 * hub that is carried by a broker it is encoded, as JSON where nothing else is said,
	 * and what readers get is what was decoded
	 * @param out what goes out
	 * @param <R> the type of what goes out
	 * @return an out that any number of connections may use
	 */
	<R> Out<R> join(String member, Object data, Out<R> out);

	/**
	 * Gives a member who is present other data, until the next connection of that member
	 * comes with its own.
	 * @param member the name of the member
	 * @param data as in {@link #join(String, Object, Out)}
	 * @return whether the member is present, as far as {@link #members()} knows; if not,
	 * nothing has happened
	 */
	boolean update(String member, Object data);

	/**
	 * Returns what goes out to one who wants to know who is present: first a
	 * {@link HubEvent.Presence} with all who are, and then who has joined, has other data
	 * or has left, in one order for all. It ends when the hub is closed.
	 * <p>
	 * A hub tells of changes once in 100 ms at most: with one event each for all who have
	 * joined, changed and left since; who has come and gone meanwhile is not mentioned.
	 * More than 100 changes that are also more than half of who is there are told with a
	 * new {@code Presence}. A connection that is too slow for the changes gets one too,
	 * when it can take it: its send buffer and {@link Overflow} are not concerned.
	 * @return an out that any number of connections may use
	 */
	Out<HubEvent<T>> presence();

	/**
	 * Returns who is present, as all readers of {@link #presence()} are told. Waits for
	 * nothing: of a hub that is carried by a broker, this tells of members on other nodes
	 * only while somebody is present here or reads {@link #presence()} here, and since a
	 * moment at least; to ask makes it so for ten seconds.
	 * @return a snapshot: the members and their data, in the order in which they came
	 */
	Map<String, Object> members();

	/**
	 * Returns how many are subscribed now.
	 * @return the number of subscriptions
	 */
	int subscribers();

	/**
	 * Closes the hub in this process: every {@code out} completes, nobody is present any
	 * more, which nobody is told, and to publish fails. Closing twice does nothing.
	 * {@link Hubs#hub} makes a new hub of the same name.
	 */
	void close();

	/**
	 * Whether the hub was closed.
	 * @return whether the hub was closed
	 */
	boolean isClosed();

}
