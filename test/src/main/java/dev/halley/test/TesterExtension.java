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

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Closes after each test the {@link PairTester}s and {@link LiveClient}s that it has
 * opened, in the method or in a {@code @BeforeEach} method, and that are open still. With
 * {@link #failOnUnread()} a test fails that has left messages unread, in whichever of
 * them. For JUnit 5 and 6:
 *
 * <pre class="code">
 * &#064;RegisterExtension
 * static final TesterExtension testers = new TesterExtension().failOnUnread();
 * </pre>
 *
 * or, just to close, {@code @ExtendWith(TesterExtension.class)}. Tests may run in
 * parallel.
 *
 * @since 0.1
 */
public final class TesterExtension implements BeforeEachCallback, AfterEachCallback {

	private static final Namespace NAMESPACE = Namespace.create(TesterExtension.class);

	private final boolean failing;

	/**
	 * Creates an extension that closes.
	 */
	public TesterExtension() {
		this(false);
	}

	private TesterExtension(boolean failing) {
		this.failing = failing;
	}

	/**
	 * Returns an extension that also lets tests fail that have passed, but have left
	 * messages unread.
	 * @return an extension that does this too
	 */
	public TesterExtension failOnUnread() {
		return new TesterExtension(true);
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		context.getStore(NAMESPACE).put(this, OpenPeers.collect());
	}

	@Override
	public void afterEach(ExtensionContext context) {
		OpenPeers peers = context.getStore(NAMESPACE).remove(this, OpenPeers.class);
		if (peers != null) {
			peers.end(this.failing && context.getExecutionException().isEmpty());
		}
	}

}
