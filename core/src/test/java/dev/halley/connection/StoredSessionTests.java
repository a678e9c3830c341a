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

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.halley.connection.LoginSource.Found;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sessions are looked for in stores that do not tell of their end, and kept there by
 * messages if they are to be.
 */
class StoredSessionTests {

	private static final Logins.Settings KEEPING = new Logins.Settings(true, LoginRuns.CHECK, true, true,
			LoginRuns.GRACE);

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	@RegisterExtension
	final ConnectionLog warnings = new ConnectionLog(Logins.class);

	private final LoginRuns runs = new LoginRuns();

	@Test
	void aSessionThatIsNoLongerInItsStoreEndsItsConnections() {
		FakeTransport one = this.runs.openInStore("s1");
		FakeTransport other = this.runs.openInStore("s2");
		this.runs.store.ids.remove("s1");
		this.runs.pass(LoginRuns.CHECK.multipliedBy(2).plusSeconds(1));
		assertThat(one.closes).containsExactly(Logins.SESSION_ENDED);
		assertThat(other.closes).isEmpty();
		assertThat(this.runs.store.calls).containsExactlyInAnyOrder("exists s1", "exists s2");
	}

	@Test
	void aSessionThatIsNewOrHasANewIdIsNotLookedForAtOnce() {
		FakeTransport one = this.runs.open(new Found("ada", "s1", this.runs.store, null));
		this.runs.pass(LoginRuns.CHECK.plusSeconds(1));
		assertThat(this.runs.store.calls).isEmpty();
		this.runs.logins().sessionIdChanged("s1", "s2");
		this.runs.pass(LoginRuns.CHECK);
		assertThat(this.runs.store.calls).isEmpty();
		this.runs.pass(LoginRuns.CHECK);
		assertThat(this.runs.store.calls).containsExactly("exists s2");
		assertThat(one.closes).containsExactly(Logins.SESSION_ENDED);
	}

	@Test
	void aStoreThatFailsEndsNothingAndIsAskedAgain() {
		FakeTransport one = this.runs.openInStore("s1");
		this.runs.store.failing = true;
		this.runs.pass(LoginRuns.CHECK.multipliedBy(6).plusSeconds(1));
		assertThat(one.closes).isEmpty();
		assertThat(this.runs.store.calls).hasSize(5);
		assertThat(this.warnings.messages()).hasSize(1);
		this.runs.store.failing = false;
		this.runs.store.ids.clear();
		this.runs.pass(LoginRuns.CHECK);
		assertThat(one.closes).containsExactly(Logins.SESSION_ENDED);
	}

	@Test
	void aStoreThatFailsOnceMoreIsWarnedOfOnceMore() {
		this.runs.openInStore("s1");
		this.runs.store.failing = true;
		this.runs.pass(LoginRuns.CHECK.multipliedBy(3).plusSeconds(1));
		this.runs.store.failing = false;
		this.runs.pass(LoginRuns.CHECK);
		this.runs.store.failing = true;
		this.runs.pass(LoginRuns.CHECK.multipliedBy(2));
		assertThat(this.warnings.messages()).hasSize(2);
	}

	@Test
	void aSessionThatAloneCannotBeReadStarvesNoOtherAndCountsAsEndedTheThirdTime() {
		FakeTransport unreadable = this.runs.openInStore("s1");
		FakeTransport gone = this.runs.openInStore("s2");
		FakeTransport there = this.runs.openInStore("s3");
		this.runs.store.unreadable.add("s1");
		this.runs.store.ids.remove("s2");
		this.runs.pass(LoginRuns.CHECK.multipliedBy(2).plusSeconds(1));
		assertThat(gone.closes).containsExactly(Logins.SESSION_ENDED);
		this.runs.pass(LoginRuns.CHECK);
		assertThat(unreadable.closes).isEmpty();
		this.runs.pass(LoginRuns.CHECK);
		assertThat(unreadable.closes).containsExactly(Logins.SESSION_ENDED);
		assertThat(there.closes).isEmpty();
		assertThat(this.warnings.messages()).isEmpty();
	}

	@Test
	void aSessionThatCanBeReadAgainIsAsGoodAsAnother() {
		FakeTransport one = this.runs.openInStore("s1");
		this.runs.openInStore("s2");
		for (int i = 0; i < 3; i++) {
			this.runs.store.unreadable.add("s1");
			this.runs.pass(LoginRuns.CHECK.multipliedBy(2).plusSeconds(1));
			this.runs.store.unreadable.clear();
			this.runs.pass(LoginRuns.CHECK);
		}
		assertThat(one.closes).isEmpty();
	}

	@Test
	void aRoundThatIsStillGoingAtTheNextIsWarnedOfOnce() {
		Queue<Runnable> rounds = new ArrayDeque<>();
		this.runs.executor = rounds::add;
		this.runs.openInStore("s1");
		this.runs.pass(LoginRuns.CHECK.multipliedBy(4).plusSeconds(1));
		assertThat(rounds).hasSize(1);
		assertThat(this.warnings.messages()).singleElement().asString().contains("PT30S");
		rounds.remove().run();
		this.runs.pass(LoginRuns.CHECK.multipliedBy(2));
		assertThat(this.warnings.messages()).as("each is slow").hasSize(1);
		rounds.remove().run();
		this.runs.pass(LoginRuns.CHECK);
		rounds.remove().run();
		this.runs.pass(LoginRuns.CHECK.multipliedBy(2));
		assertThat(this.warnings.messages()).as("one was in time").hasSize(2);
	}

	@Test
	void aRoundThatNoThreadTakesIsNotTheLast() {
		Queue<Error> refusals = new ArrayDeque<>(List.of(new OutOfMemoryError("no thread")));
		this.runs.executor = (round) -> {
			if (!refusals.isEmpty()) {
				throw refusals.remove();
			}
			round.run();
		};
		FakeTransport one = this.runs.openInStore("s1");
		this.runs.store.ids.clear();
		this.runs.pass(LoginRuns.CHECK.multipliedBy(2).plusSeconds(1));
		assertThat(one.closes).isEmpty();
		this.runs.pass(LoginRuns.CHECK);
		assertThat(one.closes).containsExactly(Logins.SESSION_ENDED);
	}

	@Test
	void messagesKeepASessionIfTheyAreTo() {
		this.runs.logins(KEEPING);
		this.runs.openInStore("s1");
		this.runs.pass(LoginRuns.CHECK.plusSeconds(1));
		this.runs.connection.received(Runs.text("hello"));
		this.runs.connection.received(Runs.text("hello"));
		this.runs.pass(LoginRuns.CHECK.multipliedBy(2));
		assertThat(this.runs.store.calls).containsExactly("touch s1", "exists s1");
	}

	@Test
	void messagesKeepNoSessionByDefault() {
		this.runs.openInStore("s1");
		this.runs.pass(LoginRuns.CHECK.plusSeconds(1));
		this.runs.connection.received(Runs.text("hello"));
		this.runs.pass(LoginRuns.CHECK);
		assertThat(this.runs.store.calls).containsExactly("exists s1");
	}

	@Test
	void messagesThatCouldNotBeNotedAreNotedTheNextTime() {
		this.runs.logins(KEEPING);
		this.runs.openInStore("s1");
		this.runs.pass(LoginRuns.CHECK.plusSeconds(1));
		this.runs.connection.received(Runs.text("hello"));
		this.runs.store.failing = true;
		this.runs.pass(LoginRuns.CHECK);
		this.runs.store.failing = false;
		this.runs.pass(LoginRuns.CHECK.multipliedBy(2));
		assertThat(this.runs.store.calls).containsExactly("touch s1", "touch s1", "exists s1");
	}

	@Test
	void aStoreIsToldOfASessionThatEndsWhileItIsNoted() {
		this.runs.logins(KEEPING);
		this.runs.openInStore("s1");
		this.runs.pass(LoginRuns.CHECK.plusSeconds(1));
		this.runs.connection.received(Runs.text("hello"));
		this.runs.pass(LoginRuns.CHECK);
		assertThat(this.runs.store.gone).containsExactly(false);
		this.runs.connection.received(Runs.text("hello"));
		this.runs.store.onTouch = () -> this.runs.logins().sessionIdChanged("s1", "s2");
		this.runs.pass(LoginRuns.CHECK);
		assertThat(this.runs.store.gone).containsExactly(false, true);
	}

}
