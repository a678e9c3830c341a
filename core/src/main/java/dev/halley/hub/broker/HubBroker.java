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

package dev.halley.hub.broker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * What brings the messages of hubs from one node, which is one process of an application,
 * to all. To be implemented by those who write a broker; the hubs do the rest: they fill
 * gaps, drop what comes twice and tell subscribers what was lost.
 * <p>
 * For each name of a hub a broker keeps an <em>epoch</em> and an <em>offset</em>. The
 * first message of an epoch has offset 1, each other one more than the one before. An
 * epoch is a number other than 0 that no other life of the hub has: a broker that has
 * lost an offset that it may have given away, such as by a restart without its data,
 * begins another epoch. Offset, history and delivery of a message are one atomic step.
 * <p>
 * Thread-safe. No method waits for the network, and none throws for what has to do with
 * the link. While the link is down a broker tries to get it back by itself, and
 * subscribes again to what is subscribed.
 *
 * @since 0.1
 */
public interface HubBroker {

	/**
	 * Publishes a message to the listeners of all nodes, this one included.
	 * @param hub the name of the hub
	 * @param payload the message
	 * @param retention how much of what was published is kept, this message included
	 * @param key what makes the message another than all others of the hub, or
	 * {@code null}: while one with the same key is kept, nothing is published
	 * @return the place of the message, or of the one with the same key. Fails with a
	 * {@link BrokerException}: at once while the link is down, and after a time-out that
	 * is short if there is no answer
	 */
	CompletionStage<Placement> publish(String hub, BrokerPayload payload, Retention retention, @Nullable String key);

	/**
	 * Subscribes to a hub, until the registration is cancelled.
	 * @param hub the name of the hub; subscribed to once at a time
	 * @param listener gets what is published
	 * @return to be cancelled
	 */
	Registration subscribe(String hub, Listener listener);

	/**
	 * Reads from the history of a hub. Gives the hub an epoch if it has none.
	 * @param hub the name of the hub
	 * @param range what to read
	 * @param retention how much is kept: nothing older is returned
	 * @return what was read, as of one moment. Fails as {@link #publish} does
	 */
	CompletionStage<HistorySlice> read(String hub, HistoryRange range, Retention retention);

	/**
	 * Asks another node and waits for its reply. Meant for what belongs to one node, such
	 * as a stream that a later request wants to write to. No broker has to know how: this
	 * fails with an {@link UnsupportedOperationException} unless it is overridden.
	 * @param node the name of the other node
	 * @param request what to ask
	 * @param timeout how long to wait
	 * @return the reply
	 */
	default CompletionStage<BrokerPayload> request(String node, BrokerPayload request, Duration timeout) {
		return CompletableFuture.failedStage(new UnsupportedOperationException("This broker carries no requests"));
	}

	/**
	 * Returns the largest message that this carries.
	 * @return a size in bytes
	 */
	int maxPayloadSize();

	/**
	 * Returns how this is.
	 * @return a snapshot
	 */
	BrokerState state();

	/**
	 * What a hub hears of its broker, one call at a time. Called on threads of the broker
	 * that do I/O: every method returns at once.
	 */
	interface Listener {

		/**
		 * The subscription is in place: what is published from now on comes, until the
		 * link is down. Called for the first time soon after subscribing, if the link is
		 * up, and again each time the link was lost and is back.
		 */
		void onUp();

		/**
		 * The link was lost: what is published from now on may not come.
		 */
		void onDown();

		/**
		 * A message came. Usually each comes once and in order; after a loss of the link,
		 * or of a server, some may be missing, come twice or come late.
		 * @param message the message
		 */
		void onMessage(BrokerMessage message);

	}

	/**
	 * A subscription.
	 */
	@FunctionalInterface
	interface Registration {

		/**
		 * Ends the subscription. What is under way may still come. Cancelling twice does
		 * nothing, nor does cancelling once the broker is closed: hubs go when nobody
		 * uses them any more, which may be later.
		 */
		void cancel();

	}

	/**
	 * The place of a message.
	 *
	 * @param epoch tells the lives of a hub apart
	 * @param offset the place in its order
	 */
	record Placement(long epoch, long offset) {
	}

}
