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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * The way from one node to all others, by the broker of hubs. What is said reaches those
 * whose link to the broker is up at that moment, in one order for all; nothing is kept
 * for others. Of no use to applications.
 * <p>
 * Thread-safe.
 *
 * @since 0.1
 */
public final class NodeLink {

	private final BrokeredHub<NodeMessage> wire;

	private final long node;

	private NodeLink(BrokeredHubs hubs) {
		this.wire = hubs.nodeWire();
		this.node = hubs.nodes().id();
	}

	/**
	 * Returns the link of the node that has certain hubs.
	 * @param hubs the hubs
	 * @return the link, or {@code null} if they are in memory, so that there are no other
	 * nodes
	 */
	public static @Nullable NodeLink of(Hubs hubs) {
		return (hubs instanceof BrokeredHubs brokered) ? new NodeLink(brokered) : null;
	}

	/**
	 * Returns the number of this node, which no other has.
	 * @return the number
	 */
	public long node() {
		return this.node;
	}

	/**
	 * Tells all other nodes something. Waits for nothing.
	 * @param message what to tell
	 * @return is completed when the broker has it. Fails with a
	 * {@link HubUnavailableException} if that cannot be reached, or does not answer, and
	 * with a {@link HubMessageTooLargeException}
	 */
	public CompletionStage<Void> tell(NodeMessage message) {
		CompletableFuture<Void> told = new CompletableFuture<>();
		BrokerCalls.ask(() -> this.wire.publish(message)).whenComplete((position, failure) -> {
			if (failure == null) {
				told.complete(null);
			}
			else {
				told.completeExceptionally((failure instanceof HubUnavailableException unavailable)
						? HubUnavailableException.ofNodes(unavailable) : failure);
			}
		});
		return told;
	}

	/**
	 * Listens to what the other nodes say, until that is disposed of.
	 * @param listener is called with one after the other, and does not block
	 * @param missed is called once for each gap: before the next message where some of it
	 * was lost
	 * @return ends it
	 */
	public Disposable listen(Consumer<NodeMessage> listener, Runnable missed) {
		return this.wire.listen(new Hearing(listener, missed));
	}

	/**
	 * Finds gaps by the positions of messages: those that were under way when it was read
	 * where the wire is come nevertheless, and are none.
	 */
	private final class Hearing implements HubListening.Listener<NodeMessage> {

		private final Consumer<NodeMessage> listener;

		private final Runnable missed;

		/** That of the last message, or where this began. */
		private @Nullable Position last;

		Hearing(Consumer<NodeMessage> listener, Runnable missed) {
			this.listener = listener;
			this.missed = missed;
		}

		@Override
		public void hears(NodeMessage message, Position position) {
			Position last = this.last;
			this.last = position;
			if (last != null && isGap(last, position)) {
				this.missed.run();
			}
			if (message.node() != NodeLink.this.node) {
				this.listener.accept(message);
			}
		}

		private static boolean isGap(Position last, Position next) {
			return next.epoch() != last.epoch() || next.offset() > last.offset() + 1;
		}

		@Override
		public void begins(@Nullable Position position) {
			if (this.last == null) {
				this.last = position;
			}
		}

	}

}
