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

package dev.halley.test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

/**
 * The peers that a test has opened, for those who close them after it. Known by the
 * test's thread and those that it starts.
 */
final class OpenPeers {

	private static final InheritableThreadLocal<@Nullable OpenPeers> CURRENT = new InheritableThreadLocal<>();

	private final List<Peer<?, ?, ?>> peers = new CopyOnWriteArrayList<>();

	private final @Nullable OpenPeers outer;

	private OpenPeers(@Nullable OpenPeers outer) {
		this.outer = outer;
	}

	/** Collects what this thread opens from now on, also for those who do so already. */
	static OpenPeers collect() {
		OpenPeers peers = new OpenPeers(CURRENT.get());
		CURRENT.set(peers);
		return peers;
	}

	static void opened(Peer<?, ?, ?> peer) {
		for (OpenPeers each = CURRENT.get(); each != null; each = each.outer) {
			each.peers.add(peer);
		}
	}

	/**
	 * Ends the collection, and closes all of them, also if one cannot be closed in good
	 * order.
	 * @param failOnUnread whether messages that nobody has read are a failure
	 * @throws AssertionError the first failure, with the others suppressed
	 */
	void end(boolean failOnUnread) {
		if (this.outer != null) {
			CURRENT.set(this.outer);
		}
		else {
			CURRENT.remove();
		}
		List<Peer<?, ?, ?>> opened = List.copyOf(this.peers);
		// Threads that outlive the test know this collection still
		this.peers.clear();
		List<AssertionError> failures = new ArrayList<>();
		opened.forEach((peer) -> end(peer, failOnUnread, failures));
		if (!failures.isEmpty()) {
			AssertionError first = failures.get(0);
			failures.subList(1, failures.size()).forEach(first::addSuppressed);
			throw first;
		}
	}

	/** What comes of the close itself, such as a word of leave, is nobody's to read. */
	private static void end(Peer<?, ?, ?> peer, boolean failOnUnread, List<AssertionError> failures) {
		List<Object> unread = peer.unread();
		if (failOnUnread && !unread.isEmpty()) {
			failures.add(peer.failure("nobody has read " + Transcript.print(unread)));
		}
		try {
			peer.close();
		}
		catch (AssertionError ex) {
			failures.add(ex);
		}
	}

}
