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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.springframework.web.socket.CloseStatus;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for what the extension does after tests, and for the time that they wait.
 */
class TesterExtensionTests {

	private static final List<CloseStatus> done = new CopyOnWriteArrayList<>();

	@BeforeEach
	void forget() {
		done.clear();
	}

	@Test
	void closesWhatIsOpen() {
		assertThat(run(Closing.class, "leavesTwoOpen")).isNull();
		assertThat(done).containsExactly(CloseStatus.NORMAL, CloseStatus.NORMAL);
	}

	@Test
	void closesWhatAnotherThreadOfTheTestHasOpened() {
		assertThat(run(Closing.class, "runsElsewhere")).isNull();
		assertThat(done).hasSize(2);
	}

	@Test
	void whatNobodyHasReadIsNothingUnlessAsked() {
		assertThat(run(Closing.class, "readsOneOfTwo")).isNull();
	}

	@Test
	void whatNobodyHasReadFailsIfAsked() {
		assertThat(run(Failing.class, "readsOneOfTwo")).isInstanceOf(AssertionError.class)
			.hasMessageContainingAll("nobody has read [b]", "<-- \"a\"\n", "<-- \"b\"   (not read)");
		assertThat(done).hasSize(1);
	}

	@Test
	void anExtensionOfASuperclassCountsAsWell() {
		assertThat(run(Inheriting.class, "readsOneOfTwo")).isInstanceOf(AssertionError.class)
			.hasMessageContaining("nobody has read [b]");
		open("left").close();
		assertThat(done).hasSize(2);
		OpenPeers mine = OpenPeers.collect();
		assertThat(mine).hasFieldOrPropertyWithValue("outer", null);
		mine.end(true);
	}

	@Test
	void aTestThatHasFailedAlreadyKeepsItsFailure() {
		assertThat(run(Failing.class, "failsItself")).hasMessage("itself").hasNoSuppressedExceptions();
	}

	@Test
	void oneThatNeverEndsFailsAndEndsTheTest() {
		assertThat(run(Closing.class, "neverEnds")).isInstanceOf(AssertionError.class)
			.hasMessageContaining("has not come to an end within 100 ms");
	}

	@Test
	void thePropertySaysHowLong() {
		String before = System.getProperty("halley.test.timeout");
		try {
			System.setProperty("halley.test.timeout", "70ms");
			assertThat(Timeouts.standard()).isEqualTo(Duration.ofMillis(70));
			System.setProperty("halley.test.timeout", "soon");
			assertThatIllegalArgumentException().isThrownBy(Timeouts::standard)
				.withMessage("halley.test.timeout: soon (expected: a time that is not zero, such as 5s or 500ms)");
			System.clearProperty("halley.test.timeout");
			assertThat(Timeouts.standard()).isEqualTo(Duration.ofSeconds(5));
		}
		finally {
			if (before != null) {
				System.setProperty("halley.test.timeout", before);
			}
		}
	}

	private static Throwable run(Class<?> tests, String method) {
		Throwable[] failure = new Throwable[1];
		Launcher launcher = LauncherFactory.create();
		launcher.execute(LauncherDiscoveryRequestBuilder.request()
			.selectors(DiscoverySelectors.selectMethod(tests, method))
			.build(), new TestExecutionListener() {

				@Override
				public void executionFinished(TestIdentifier test, TestExecutionResult result) {
					result.getThrowable().ifPresent((ex) -> failure[0] = ex);
				}

			});
		return failure[0];
	}

	private static PairTester<String, String> open(String... messages) {
		return PairTester.of(InOut.of(In.<String>ignore().whenDone(done::add), Out.of(messages)));
	}

	private static void block() {
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Run by the tests above, and not by themselves.
	 */
	@ExtendWith(TesterExtension.class)
	static class Closing {

		@BeforeEach
		void openOne() {
			open();
		}

		@Test
		void leavesTwoOpen() {
			open();
		}

		@Test
		@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
		void runsElsewhere() {
			open();
		}

		@Test
		void readsOneOfTwo() {
			open("a", "b").expect("a");
		}

		@Test
		void neverEnds() {
			InOut<String, String> pair = InOut.of(In.<String>ignore().whenDone(TesterExtensionTests::block),
					Out.never());
			PairTester.builder(pair).patience(Duration.ofMillis(100)).open();
		}

	}

	/**
	 * Run by the tests above, and not by themselves.
	 */
	static class Inheriting extends Failing {

		@RegisterExtension
		static final TesterExtension closing = new TesterExtension();

	}

	/**
	 * Run by the tests above, and not by themselves.
	 */
	static class Failing {

		@RegisterExtension
		static final TesterExtension testers = new TesterExtension().failOnUnread();

		@Test
		void readsOneOfTwo() {
			open("a", "b").expect("a");
		}

		@Test
		void failsItself() {
			open("a");
			throw new AssertionError("itself");
		}

	}

}
