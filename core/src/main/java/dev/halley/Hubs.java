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

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import org.reactivestreams.Publisher;
import org.springframework.core.ParameterizedTypeReference;

import dev.halley.hub.broker.HubBroker;
import dev.halley.hub.broker.PayloadCodec;

/**
 * The hubs of an application, by name. Auto-configuration provides one as a bean.
 * <p>
 * Thread-safe. A hub comes into being when it is first asked for and is forgotten when
 * nobody subscribes to it or holds it any more and its {@link History}, if it keeps one,
 * is empty, so a name for each chat room or order costs nothing once it is no longer
 * used.
 *
 * @since 0.1
 */
public interface Hubs {

	/**
	 * Returns the hub of a name.
	 * @param name the name
	 * @param type the type of its messages; the same for all who use the name
	 * @param <T> the type of its messages
	 * @return the hub, the same one while it is in use
	 * @throws IllegalArgumentException if the hub of that name has another type
	 */
	<T> Hub<T> hub(String name, Class<T> type);

	/**
	 * Returns the hub of a name, for messages of a generic type.
	 * @param name the name
	 * @param type the type of its messages; the same for all who use the name
	 * @param <T> the type of its messages
	 * @return the hub, the same one while it is in use
	 * @throws IllegalArgumentException if the hub of that name has another type
	 */
	<T> Hub<T> hub(String name, ParameterizedTypeReference<T> type);

	/**
	 * Returns the hub of a name, which keeps a history from now on if it did not.
	 * @param name the name
	 * @param type the type of its messages; the same for all who use the name
	 * @param history how much it keeps; the same for all who say so. Counts for more than
	 * what is set by name. To be given wherever the hub may be asked for first, since it
	 * is forgotten with the hub
	 * @param <T> the type of its messages
	 * @return the hub, the same one while it is in use
	 * @throws IllegalArgumentException if the hub of that name has another type or was
	 * given another history
	 */
	<T> Hub<T> hub(String name, Class<T> type, History history);

	/**
	 * Returns the hub of a name, for messages of a generic type, which keeps a history
	 * from now on if it did not.
	 * @param name the name
	 * @param type the type of its messages; the same for all who use the name
	 * @param history as in {@link #hub(String, Class, History)}
	 * @param <T> the type of its messages
	 * @return the hub, the same one while it is in use
	 * @throws IllegalArgumentException if the hub of that name has another type or was
	 * given another history
	 */
	<T> Hub<T> hub(String name, ParameterizedTypeReference<T> type, History history);

	/**
	 * Returns the recorded source of a name, of 100,000 messages and 4 MiB at most, which
	 * goes on until its end.
	 * @param name as in
	 * {@link #recorded(String, ParameterizedTypeReference, Supplier, Recording)}
	 * @param type the type of its messages; the same for all who use the name
	 * @param source as in
	 * {@link #recorded(String, ParameterizedTypeReference, Supplier, Recording)}
	 * @param keep for how long after its end it can be read
	 * @param <T> the type of its messages
	 * @return the source
	 * @throws IllegalArgumentException if the source of that name has another type
	 */
	default <T> Recorded<T> recorded(String name, Class<T> type, Supplier<? extends Publisher<? extends T>> source,
			Duration keep) {
		return recorded(name, type, source, Recording.keptFor(keep));
	}

	/**
	 * Returns the recorded source of a name.
	 * @param name as in
	 * {@link #recorded(String, ParameterizedTypeReference, Supplier, Recording)}
	 * @param type the type of its messages; the same for all who use the name
	 * @param source as in
	 * {@link #recorded(String, ParameterizedTypeReference, Supplier, Recording)}
	 * @param recording how it is kept
	 * @param <T> the type of its messages
	 * @return the source
	 * @throws IllegalArgumentException if the source of that name has another type
	 */
	<T> Recorded<T> recorded(String name, Class<T> type, Supplier<? extends Publisher<? extends T>> source,
			Recording recording);

	/**
	 * Returns the recorded source of a name, with messages of a generic type.
	 * @param name the name, apart from those of hubs. Whoever may choose it may read what
	 * is there under it and stop it: that a client gets to its own only is for the
	 * application to see to, such as by the user's name within it
	 * @param type the type of its messages; the same for all who use the name
	 * @param source makes what is recorded, if the name has no record yet, for its first
	 * reader: with what that finds on its thread, such as the user, and on a thread that
	 * may block, which is interrupted by {@link Recorded#stop()}. What it makes is asked
	 * for all it has, whatever the readers can take, so the bounds of the recording count
	 * @param recording how it is kept: as the one who began it said
	 * @param <T> the type of its messages
	 * @return the source
	 * @throws IllegalArgumentException if the source of that name has another type
	 */
	<T> Recorded<T> recorded(String name, ParameterizedTypeReference<T> type,
			Supplier<? extends Publisher<? extends T>> source, Recording recording);

	/**
	 * Returns the recorded source of a name, if somebody has begun to read it and it is
	 * not forgotten yet.
	 * @param name the name
	 * @param type the type of its messages
	 * @param <T> the type of its messages
	 * @return the source as it is now, which nobody begins anew. Of hubs that are carried
	 * by a broker, this waits for its answer where nothing is known here, for five
	 * seconds at most
	 * @throws IllegalArgumentException if the source of that name has another type
	 * @throws HubUnavailableException if the broker cannot be reached, or does not answer
	 */
	<T> Optional<Recorded<T>> recorded(String name, Class<T> type);

	/**
	 * Returns the names of the hubs that somebody uses now, or whose history holds
	 * messages.
	 * @return a snapshot of the names
	 */
	Set<String> names();

	/**
	 * Tells how a hub is in this process. Looks only: it neither makes the hub nor keeps
	 * it.
	 * @param name the name
	 * @return its state, if somebody uses it now or its history holds messages
	 */
	Optional<HubState> state(String name);

	/**
	 * Tells what the hubs do, all together. Looks at each of them: not to be called for
	 * every message.
	 * @return a snapshot
	 */
	HubStatistics statistics();

	/**
	 * Traces what hubs publish and deliver over a broker from now on. Hubs in memory
	 * deliver within what publishes, and have nothing to trace.
	 * @param tracer goes along with the messages
	 */
	default void traceWith(HubTracer tracer) {
	}

	/**
	 * Returns hubs that live in this process only. What a publisher leaves to another
	 * thread goes to one of Halley's own.
	 * @return new hubs
	 */
	static Hubs inMemory() {
		return inMemory(InMemoryHubs.OTHERS);
	}

	/**
	 * Returns hubs that live in this process only.
	 * @param executor goes on with what a publisher leaves: one who publishes delivers
	 * what others publish meanwhile too, but only some of it, and one who publishes while
	 * a message is delivered or encoded on its thread delivers nothing itself. Runs what
	 * is put between the hubs and their connections
	 * @return new hubs
	 */
	static Hubs inMemory(Executor executor) {
		return new InMemoryHubs(executor);
	}

	/**
	 * Returns hubs that live in this process only and of which some keep a history.
	 * @param executor as in {@link #inMemory(Executor)}
	 * @param histories which hubs keep which history: by name, or by a pattern in which
	 * {@code *} stands for any characters, or none. Of several that fit a name, the one
	 * with the most other characters counts
	 * @param weigher tells the size in bytes of a message that is neither a string nor an
	 * array of bytes, such as that of its encoded form; one that throws counts for 1,024.
	 * Called on the publishing thread, and only where a history is bounded by bytes
	 * @return new hubs
	 */
	static Hubs inMemory(Executor executor, Map<String, History> histories, ToLongFunction<Object> weigher) {
		return inMemory(executor, histories, weigher, HubPresence.DEFAULT_GRACE);
	}

	/**
	 * Returns hubs that live in this process only, of which some keep a history, and with
	 * a grace of their own for members who have lost their connection.
	 * @param executor as in {@link #inMemory(Executor)}
	 * @param histories as in {@link #inMemory(Executor, Map, ToLongFunction)}
	 * @param weigher as in {@link #inMemory(Executor, Map, ToLongFunction)}
	 * @param presenceGrace for how long a member is {@linkplain Hub#join present} whose
	 * last connection was lost; nothing if it leaves at once
	 * @return new hubs
	 */
	static Hubs inMemory(Executor executor, Map<String, History> histories, ToLongFunction<Object> weigher,
			Duration presenceGrace) {
		HubTimes times = new HubTimes(new HubTimer(SourceThreads.SCHEDULER, System::nanoTime), presenceGrace);
		return new InMemoryHubs(executor, new HistoryPatterns(histories), weigher, System::nanoTime, times);
	}

	/**
	 * Returns hubs that reach all processes which use the same broker. Histories are kept
	 * there, with a copy in each process that has subscribers.
	 * @param broker what brings messages from one process to all; closed by whoever has
	 * made it
	 * @param codecs finds the codec of a type of messages; what it throws for one that
	 * cannot be carried is thrown by {@link #hub}
	 * @param memberData the codec of what is told of {@linkplain Hub#join members}. What
	 * it decodes is what all who want to know it get, on the node of the member too; its
	 * {@code equals} is called while a lock is held
	 * @param executor delivers messages. Runs what is put between the hubs and their
	 * connections, and what is to be done when a message was published
	 * @param histories as in {@link #inMemory(Executor, Map, ToLongFunction)}
	 * @param presenceGrace as in
	 * {@link #inMemory(Executor, Map, ToLongFunction, Duration)}
	 * @return new hubs
	 */
	static Hubs brokered(HubBroker broker, Function<Type, PayloadCodec> codecs, PayloadCodec memberData,
			Executor executor, Map<String, History> histories, Duration presenceGrace) {
		HubTimes times = new HubTimes(new HubTimer(SourceThreads.SCHEDULER, System::nanoTime), presenceGrace);
		return new BrokeredHubs(broker, codecs, memberData, executor, new HistoryPatterns(histories),
				BrokerTimes.DEFAULT, times);
	}

}
