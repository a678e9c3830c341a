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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;

import dev.halley.connection.LoginSource.Found;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * Connections end with the HTTP sessions that they began with and with logins of others,
 * and nothing is kept of those that are over.
 */
class LoginsTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	@RegisterExtension
	final ConnectionLog warnings = new ConnectionLog(Logins.class);

	private final LoginRuns runs = new LoginRuns();

	@Test
	void connectionsEndWithTheirSessionAndOthersStay() {
		FakeTransport one = this.runs.open("s1", null);
		FakeTransport another = this.runs.open("s1", null);
		FakeTransport other = this.runs.open("s2", null);
		FakeTransport without = this.runs.open((String) null, null);
		this.runs.logins().sessionEnded("s1");
		assertThat(one.wire).containsExactly("<Close 1008>");
		assertThat(one.closes).containsExactly(Logins.SESSION_ENDED);
		assertThat(another.wire).containsExactly("<Close 1008>");
		assertThat(other.wire).isEmpty();
		assertThat(without.wire).isEmpty();
	}

	@Test
	void connectionsFollowTheirSessionToAnotherId() {
		FakeTransport one = this.runs.open("s1", null);
		this.runs.logins().sessionIdChanged("s1", "s2");
		this.runs.logins().sessionIdChanged("s2", "s2");
		this.runs.logins().sessionEnded("s1");
		assertThat(one.wire).isEmpty();
		this.runs.logins().sessionEnded("s2");
		assertThat(one.wire).containsExactly("<Close 1008>");
		assertThat(this.runs.logins().size()).isZero();
	}

	@Test
	void nothingIsKeptOfConnectionsThatAreGone() {
		this.runs.open("s1", LoginRuns.NOON);
		Reservation refused = this.runs.reserve(new Found("ada", "s1", null, LoginRuns.NOON));
		assertThat(this.runs.logins().size()).isEqualTo(3);
		refused.close();
		this.runs.logins().sessionIdChanged("s1", "s2");
		assertThat(this.runs.logins().size()).isEqualTo(2);
		this.runs.connection.ended(CloseStatus.NORMAL);
		assertThat(this.runs.logins().size()).isZero();
	}

	@Test
	void sessionsWithoutConnectionsCostNothing() {
		for (int i = 0; i < 1000; i++) {
			this.runs.logins().sessionIdChanged("old" + i, "new" + i);
			this.runs.logins().sessionEnded("new" + i);
		}
		assertThat(this.runs.logins().size()).isZero();
	}

	@Test
	void aSessionThatEndsWhileItIsReadIsNotMissed() {
		this.runs.source.onCurrent = () -> {
			this.runs.source.onCurrent = () -> {
			};
			this.runs.logins().sessionIdChanged("s1", "s2");
			this.runs.logins().sessionEnded("s2");
		};
		assertThat(this.runs.open("s1", null).wire).containsExactly("<Close 1008>");
		assertThat(this.runs.logins().size()).isZero();
	}

	@Test
	void aSessionThatGetsAnotherIdWhileItIsReadIsFollowed() {
		this.runs.source.onCurrent = () -> this.runs.logins().sessionIdChanged("s1", "s2");
		FakeTransport one = this.runs.open("s1", null);
		assertThat(one.wire).isEmpty();
		this.runs.logins().sessionEnded("s2");
		assertThat(one.wire).containsExactly("<Close 1008>");
	}

	@Test
	void aSessionThatEndsBeforeThereIsAConnectionEndsIt() {
		Reservation reservation = this.runs.reserve(new Found("ada", "s1", null, null));
		this.runs.logins().sessionEnded("s1");
		List<Object> closes = new ArrayList<>();
		reservation.closeWithLogin(closes::add);
		assertThat(closes).containsExactly(Logins.SESSION_ENDED);
	}

	@Test
	void aSessionThatTheRequestHasLostMeanwhileEndsTheConnection() {
		Reservation reservation = this.runs.reserve(new Found("ada", "s1", null, null));
		this.runs.source.current = Found.NOTHING;
		List<Object> closes = new ArrayList<>();
		reservation.closeWithLogin(closes::add);
		assertThat(closes).containsExactly(Logins.SESSION_ENDED);
	}

	@Test
	void aPlaceIsGivenBackIfTheLoginCannotBeRead() {
		this.runs.source.onCurrent = () -> {
			throw new IllegalStateException("no store");
		};
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.runs.reserve(Found.NOTHING));
		assertThat(this.runs.registry().reserved()).isZero();
	}

	@Test
	void connectionsOfTheFormerUserEndWhenAnotherLogsIn() {
		FakeTransport ada = this.runs.open("s1", null);
		FakeTransport nobody = this.runs.open(new Found(null, "s1", null, null));
		FakeTransport eve = this.runs.open(new Found("eve", "s1", null, null));
		FakeTransport elsewhere = this.runs.open("s2", null);
		this.runs.logins().loggedIn("s1", () -> "eve");
		assertThat(ada.closes).containsExactly(Logins.SESSION_ENDED);
		assertThat(nobody.closes).isEmpty();
		assertThat(eve.closes).isEmpty();
		assertThat(elsewhere.closes).isEmpty();
	}

	@Test
	void aConnectionThatBeginsWhileAnotherUserLogsInEnds() {
		this.runs.source.onCurrent = () -> {
			this.runs.logins().sessionIdChanged("s1", "s2");
			this.runs.logins().loggedIn("s2", () -> "eve");
		};
		assertThat(this.runs.open("s1", null).closes).containsExactly(Logins.SESSION_ENDED);
	}

	@Test
	void aConnectionThatCannotCloseIsClosedAgainAndOthersAtOnce() {
		List<String> closes = new ArrayList<>();
		for (String name : List.of("one", "two", "three", "always")) {
			List<CloseStatus> calls = new ArrayList<>();
			this.runs.reserve(new Found("ada", "s1", null, null)).closeWithLogin((status) -> {
				calls.add(status);
				if ((calls.size() == 1 && !name.equals("two")) || name.equals("always")) {
					throw new StackOverflowError();
				}
				closes.add(name);
			});
		}
		this.runs.logins().sessionEnded("s1");
		assertThat(closes).containsExactly("two");
		this.runs.pass(Duration.ofSeconds(2));
		assertThat(closes).containsExactlyInAnyOrder("two", "one", "three");
		assertThat(this.warnings.messages()).hasSize(1);
	}

	@Test
	void aPlaceIsGivenBackThoughTheLoginCannotBeForgotten() {
		Reservation place = this.runs.reserve(Found.NOTHING);
		LiveLogin login = mock();
		willThrow(new StackOverflowError()).given(login).close();
		place.login(login);
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(place::close);
		assertThat(this.runs.registry().reserved()).isZero();
	}

	@Test
	void endsAreSwitchedOff() {
		this.runs.logins(new Logins.Settings(false, LoginRuns.CHECK, false, false, LoginRuns.GRACE));
		FakeTransport one = this.runs.open("s1", LoginRuns.NOON);
		assertThat(this.runs.logins().size()).isZero();
		this.runs.logins().sessionEnded("s1");
		this.runs.pass(Duration.ofHours(1));
		assertThat(one.closes).isEmpty();
	}

}
