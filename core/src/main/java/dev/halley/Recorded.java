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

import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A source that outlives the connection that asked for it: an answer that is worked out
 * once, goes on while a page is loaded again, and can be read by any number of readers
 * from its start or from where they were. Get one by name from {@link Hubs#recorded}.
 * <p>
 * Nothing happens before the first reader. For it the source is subscribed to, once, and
 * asked for all that it has; what it emits is kept until a while after its end. Readers
 * read it there, each at the pace of its own connection: none is too slow, and none holds
 * up the source or another. After all that there is, they get its end or its failure, the
 * same for all. That a reader leaves changes nothing, unless the {@link Recording} says
 * so; {@link #stop()} ends it.
 * <p>
 * Of hubs that are carried by a broker the source is subscribed to on one node, that of
 * the first reader, and read on all. Readers on others get its failure as a
 * {@link RecordedFailedException}, and a {@link RecordedLostException} if that node is
 * lost. Who begins to read while the broker cannot be reached waits for it.
 * <p>
 * Once it is forgotten, a reader begins it anew. A browser's {@code EventSource} comes
 * back after the end of a stream: let that be {@link Out#eof()}.
 * <p>
 * Thread-safe.
 *
 * @param <T> the type of the messages
 * @since 0.1
 */
public interface Recorded<T> {

	/**
	 * Returns the name of this source.
	 * @return the name
	 */
	String name();

	/**
	 * Returns what goes out to a reader: all from the start, and the end or failure.
	 * @return an out that any number of connections may use
	 */
	Out<T> out();

	/**
	 * Returns what goes out to one who comes back. One whose position is not of this
	 * source, such as from before it was begun anew, fails with a
	 * {@link HubResetException}, and does not begin it.
	 * @param replay where to begin: without a position, and without a number of last
	 * messages, at the start
	 * @return an out that any number of connections may use
	 */
	Out<T> out(Replay replay);

	/**
	 * As {@link #out(Replay)}, for one that goes on though its position is not of this
	 * source: from the start.
	 * @param replay where to begin
	 * @param onReset makes the message that goes out first then, such as one that has the
	 * client forget what it has: {@code (reset) -> null} for none; must not block. If it
	 * throws, that is how the out fails
	 * @return an out that any number of connections may use
	 */
	Out<T> out(Replay replay, Function<? super HubEvent.Reset<T>, ? extends @Nullable T> onReset);

	/**
	 * Returns what goes out to one who wants to know where each message is, and whether
	 * the position was of this source.
	 * @param replay where to begin, as in {@link #out(Replay)}; after a
	 * {@link HubEvent.Reset} all comes from the start
	 * @return an out that any number of connections may use
	 */
	Out<HubEvent<T>> events(Replay replay);

	/**
	 * Returns this source for readers who get what they have missed in one piece: what is
	 * there when they begin to read is joined into one message, which has the position of
	 * the last of them.
	 * @param joiner joins messages, of which there are two or more, such as
	 * {@code (words) -> String.join("", words)}; must not return {@code null} and not
	 * block. If it throws, that is how the out fails
	 * @return the same source
	 */
	Recorded<T> compact(Function<? super List<T>, ? extends T> joiner);

	/**
	 * Cancels the source, if it runs. Readers get what there is and then the end, as do
	 * those who come later, until it is forgotten. Does not wait for other nodes.
	 */
	void stop();

}
