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

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;

import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.connection.LoginSource.Found;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * Connections end with the logins that they began with, and nothing is kept of those that
 * are over.
 */
class LoginsTests {

	private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

	private static final Duration CHECK = Duration.ofSeconds(30);

	private static final Duration GRACE = Duration.ofSeconds(60);

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	@RegisterExtension
	final ConnectionLog warnings = new ConnectionLog(Logins.class);

	private final Runs runs = new Runs();

	private final long origin = this.runs.nanos.get();

	private final Source source = new Source();

	private final Store store = new Store();

	private Executor executor = Runnable::run;

	private @Nullable Logins logins;

	private Connection connection;

	private Logins logins() {
		return logins(Logins.Options.DEFAULT);
	}

	private Logins logins(Logins.Options options) {
		Logins logins = this.logins;
		if (logins == null) {
			logins = new Logins(this.source, options, this.executor, this::now);
			this.runs.registry.endWith(logins);
			this.logins = logins;
		}
		return logins;
	}

	/** The time of the wall goes on as that of the timer. */
	private Instant now() {
		return NOON.plusNanos(this.runs.nanos.get() - this.origin);
	}

	private FakeTransport open(@Nullable String session, @Nullable Instant expiresAt) {
		return open(new Found("ada", session, null, expiresAt));
	}

	private FakeTransport open(Found found) {
		logins();
		this.source.current = found;
		FakeTransport transport = new FakeTransport();
		transport.answersPings = false;
		this.connection = this.runs.open(InOut.of(this.runs.in(), Out.never()), transport);
		return transport;
	}

	private FakeTransport openInStore(String session) {
		this.store.ids.add(session);
		return open(new Found("ada", session, this.store, null));
	}

	@Test
	void connectionsEndWithTheirSessionAndOthersStay() {
		FakeTransport one = open("s1", null);
		FakeTransport another = open("s1", null);
		FakeTransport other = open("s2", null);
		FakeTransport without = open((String) null, null);
		logins().sessionEnded("s1");
		assertThat(one.wire).containsExactly("<Close 1008>");
		assertThat(one.closes).containsExactly(Logins.SESSION_ENDED);
		assertThat(another.wire).containsExactly("<Close 1008>");
		assertThat(other.wire).isEmpty();
		assertThat(without.wire).isEmpty();
	}

	@Test
	void connectionsFollowTheirSessionToAnotherId() {
		FakeTransport one = open("s1", null);
		logins().sessionIdChanged("s1", "s2");
		logins().sessionIdChanged("s2", "s2");
		logins().sessionEnded("s1");
		assertThat(one.wire).isEmpty();
		logins().sessionEnded("s2");
		assertThat(one.wire).containsExactly("<Close 1008>");
		assertThat(logins().size()).isZero();
	}

	@Test
	void nothingIsKeptOfConnectionsThatAreGone() {
		open("s1", NOON);
		Reservation refused = this.runs.registry.reserve(null, "ada");
		assertThat(logins().size()).isEqualTo(3);
		refused.close();
		logins().sessionIdChanged("s1", "s2");
		assertThat(logins().size()).isEqualTo(2);
		this.connection.ended(CloseStatus.NORMAL);
		assertThat(logins().size()).isZero();
	}

	@Test
	void sessionsWithoutConnectionsCostNothing() {
		for (int i = 0; i < 1000; i++) {
			logins().sessionIdChanged("old" + i, "new" + i);
			logins().sessionEnded("new" + i);
		}
		assertThat(logins().size()).isZero();
	}

	@Test
	void aSessionThatEndsWhileItIsReadIsNotMissed() {
		this.source.onCurrent = () -> {
			this.source.onCurrent = () -> {
			};
			logins().sessionIdChanged("s1", "s2");
			logins().sessionEnded("s2");
		};
		assertThat(open("s1", null).wire).containsExactly("<Close 1008>");
		assertThat(logins().size()).isZero();
	}

	@Test
	void aSessionThatGetsAnotherIdWhileItIsReadIsFollowed() {
		this.source.onCurrent = () -> logins().sessionIdChanged("s1", "s2");
		FakeTransport one = open("s1", null);
		assertThat(one.wire).isEmpty();
		logins().sessionEnded("s2");
		assertThat(one.wire).containsExactly("<Close 1008>");
	}

	@Test
	void aSessionThatEndsBeforeThereIsAConnectionEndsIt() {
		logins();
		this.source.current = new Found("ada", "s1", null, null);
		Reservation reservation = this.runs.registry.reserve(null, "ada");
		logins().sessionEnded("s1");
		List<Object> closes = new ArrayList<>();
		reservation.closeWithLogin(closes::add);
		assertThat(closes).containsExactly(Logins.SESSION_ENDED);
	}

	@Test
	void aSessionThatTheRequestHasLostMeanwhileEndsTheConnection() {
		logins();
		this.source.current = new Found("ada", "s1", null, null);
		Reservation reservation = this.runs.registry.reserve(null, "ada");
		this.source.current = Found.NOTHING;
		List<Object> closes = new ArrayList<>();
		reservation.closeWithLogin(closes::add);
		assertThat(closes).containsExactly(Logins.SESSION_ENDED);
	}

	@Test
	void aPlaceIsGivenBackIfTheLoginCannotBeRead() {
		logins();
		this.source.onCurrent = () -> {
			throw new IllegalStateException("no store");
		};
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.runs.registry.reserve(null, "ada"));
		assertThat(this.runs.registry.reserved()).isZero();
	}

	@Test
	void aConnectionEndsWithItsTokenAndTheGrace() {
		FakeTransport one = open(null, NOON.plusSeconds(5));
		FakeTransport forEver = open(null, null);
		this.runs.pass(Duration.ofSeconds(64));
		assertThat(one.closes).isEmpty();
		this.runs.pass(Duration.ofSeconds(3));
		assertThat(one.closes).containsExactly(Logins.TOKEN_EXPIRED);
		assertThat(forEver.closes).isEmpty();
		assertThat(logins().size()).isZero();
	}

	@Test
	void aFreshTokenMovesTheEnd() {
		FakeTransport one = open(null, NOON.plusSeconds(5));
		assertThat(login().renew("ada 300")).isTrue();
		assertThat(login().expiresAt()).isEqualTo(NOON.plusSeconds(300));
		this.runs.pass(Duration.ofSeconds(359));
		assertThat(one.closes).isEmpty();
		this.runs.pass(Duration.ofSeconds(3));
		assertThat(one.closes).containsExactly(Logins.TOKEN_EXPIRED);
	}

	@Test
	void aFreshTokenThatDoesNotExpireEndsNothing() {
		FakeTransport one = open(null, NOON.plusSeconds(5));
		assertThat(login().renew(() -> "ada")).isTrue();
		assertThat(logins().size()).isZero();
		this.runs.pass(Duration.ofHours(1));
		assertThat(one.closes).isEmpty();
	}

	@Test
	void aTokenOfAnotherUserEndsTheConnection() {
		FakeTransport one = open(null, NOON.plusSeconds(5));
		assertThat(login().renew("eve 300")).isFalse();
		assertThat(one.closes).containsExactly(Logins.TOKEN_REFUSED);
		assertThat(login().renew("ada 300")).isFalse();
		assertThat(login().expiresAt()).isEqualTo(NOON.plusSeconds(5));
	}

	@Test
	void aTokenThatIsNotValidEndsTheConnection() {
		FakeTransport one = open(null, NOON.plusSeconds(5));
		assertThat(login().renew("bad")).isFalse();
		assertThat(one.closes).containsExactly(Logins.TOKEN_REFUSED);
	}

	@Test
	void whoIsNobodyBecomesNobodyElse() {
		FakeTransport one = open(Found.NOTHING);
		assertThat(login().renew("ada 300")).isFalse();
		assertThat(one.closes).containsExactly(Logins.TOKEN_REFUSED);
	}

	@Test
	void aTokenThatCannotBeVerifiedNowChangesNothing() {
		FakeTransport one = open(null, NOON.plusSeconds(5));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> login().renew("unknown"));
		assertThat(one.closes).isEmpty();
		assertThat(login().expiresAt()).isEqualTo(NOON.plusSeconds(5));
	}

	@Test
	void aFreshTokenForAConnectionThatIsGoneIsNotKept() {
		logins();
		this.source.current = new Found("ada", null, null, NOON);
		Reservation reservation = this.runs.registry.reserve(null, "ada");
		reservation.close();
		assertThat(reservation.login().renew("ada 300")).isFalse();
		assertThat(logins().size()).isZero();
	}

	@Test
	void aSessionThatIsNoLongerInItsStoreEndsItsConnections() {
		FakeTransport one = openInStore("s1");
		FakeTransport other = openInStore("s2");
		this.store.ids.remove("s1");
		this.runs.pass(CHECK.multipliedBy(2).plusSeconds(1));
		assertThat(one.closes).containsExactly(Logins.SESSION_ENDED);
		assertThat(other.closes).isEmpty();
		assertThat(this.store.calls).containsExactlyInAnyOrder("exists s1", "exists s2");
	}

	@Test
	void aSessionThatIsNewOrHasANewIdIsNotLookedForAtOnce() {
		FakeTransport one = open(new Found("ada", "s1", this.store, null));
		this.runs.pass(CHECK.plusSeconds(1));
		assertThat(this.store.calls).isEmpty();
		logins().sessionIdChanged("s1", "s2");
		this.runs.pass(CHECK);
		assertThat(this.store.calls).isEmpty();
		this.runs.pass(CHECK);
		assertThat(this.store.calls).containsExactly("exists s2");
		assertThat(one.closes).containsExactly(Logins.SESSION_ENDED);
	}

	@Test
	void aStoreThatFailsEndsNothingAndIsAskedAgain() {
		FakeTransport one = openInStore("s1");
		this.store.failing = true;
		this.runs.pass(CHECK.multipliedBy(6).plusSeconds(1));
		assertThat(one.closes).isEmpty();
		assertThat(this.store.calls).hasSize(5);
		assertThat(this.warnings.messages()).hasSize(1);
		this.store.failing = false;
		this.store.ids.clear();
		this.runs.pass(CHECK);
		assertThat(one.closes).containsExactly(Logins.SESSION_ENDED);
	}

	@Test
	void messagesKeepASessionIfTheyAreTo() {
		logins(new Logins.Options(true, CHECK, true, true, GRACE));
		openInStore("s1");
		this.runs.pass(CHECK.plusSeconds(1));
		this.connection.received(Runs.text("hello"));
		this.connection.received(Runs.text("hello"));
		this.runs.pass(CHECK.multipliedBy(2));
		assertThat(this.store.calls).containsExactly("touch s1", "exists s1");
	}

	@Test
	void aStoreThatFailsOnceMoreIsWarnedOfOnceMore() {
		openInStore("s1");
		this.store.failing = true;
		this.runs.pass(CHECK.multipliedBy(3).plusSeconds(1));
		this.store.failing = false;
		this.runs.pass(CHECK);
		this.store.failing = true;
		this.runs.pass(CHECK.multipliedBy(2));
		assertThat(this.warnings.messages()).hasSize(2);
	}

	@Test
	void aSessionThatAloneCannotBeReadStarvesNoOtherAndCountsAsEndedTheThirdTime() {
		FakeTransport unreadable = openInStore("s1");
		FakeTransport gone = openInStore("s2");
		FakeTransport there = openInStore("s3");
		this.store.unreadable.add("s1");
		this.store.ids.remove("s2");
		this.runs.pass(CHECK.multipliedBy(2).plusSeconds(1));
		assertThat(gone.closes).containsExactly(Logins.SESSION_ENDED);
		this.runs.pass(CHECK);
		assertThat(unreadable.closes).isEmpty();
		this.runs.pass(CHECK);
		assertThat(unreadable.closes).containsExactly(Logins.SESSION_ENDED);
		assertThat(there.closes).isEmpty();
		assertThat(this.warnings.messages()).isEmpty();
	}

	@Test
	void aSessionThatCanBeReadAgainIsAsGoodAsAnother() {
		FakeTransport one = openInStore("s1");
		openInStore("s2");
		for (int i = 0; i < 3; i++) {
			this.store.unreadable.add("s1");
			this.runs.pass(CHECK.multipliedBy(2).plusSeconds(1));
			this.store.unreadable.clear();
			this.runs.pass(CHECK);
		}
		assertThat(one.closes).isEmpty();
	}

	@Test
	void messagesThatCouldNotBeNotedAreNotedTheNextTime() {
		logins(new Logins.Options(true, CHECK, true, true, GRACE));
		openInStore("s1");
		this.runs.pass(CHECK.plusSeconds(1));
		this.connection.received(Runs.text("hello"));
		this.store.failing = true;
		this.runs.pass(CHECK);
		this.store.failing = false;
		this.runs.pass(CHECK.multipliedBy(2));
		assertThat(this.store.calls).containsExactly("touch s1", "touch s1", "exists s1");
	}

	@Test
	void aStoreIsToldOfASessionThatEndsWhileItIsNoted() {
		logins(new Logins.Options(true, CHECK, true, true, GRACE));
		openInStore("s1");
		this.runs.pass(CHECK.plusSeconds(1));
		this.connection.received(Runs.text("hello"));
		this.runs.pass(CHECK);
		assertThat(this.store.gone).containsExactly(false);
		this.connection.received(Runs.text("hello"));
		this.store.onTouch = () -> logins().sessionIdChanged("s1", "s2");
		this.runs.pass(CHECK);
		assertThat(this.store.gone).containsExactly(false, true);
	}

	@Test
	void aRoundThatIsStillGoingAtTheNextIsWarnedOfOnce() {
		Queue<Runnable> rounds = new ArrayDeque<>();
		this.executor = rounds::add;
		openInStore("s1");
		this.runs.pass(CHECK.multipliedBy(4).plusSeconds(1));
		assertThat(rounds).hasSize(1);
		assertThat(this.warnings.messages()).singleElement().asString().contains("PT30S");
		rounds.remove().run();
		this.runs.pass(CHECK.multipliedBy(2));
		assertThat(this.warnings.messages()).as("each is slow").hasSize(1);
		rounds.remove().run();
		this.runs.pass(CHECK);
		rounds.remove().run();
		this.runs.pass(CHECK.multipliedBy(2));
		assertThat(this.warnings.messages()).as("one was in time").hasSize(2);
	}

	@Test
	void connectionsOfTheFormerUserEndWhenAnotherLogsIn() {
		FakeTransport ada = open("s1", null);
		FakeTransport nobody = open(new Found(null, "s1", null, null));
		FakeTransport eve = open(new Found("eve", "s1", null, null));
		FakeTransport elsewhere = open("s2", null);
		logins().loggedIn("s1", () -> "eve");
		assertThat(ada.closes).containsExactly(Logins.SESSION_ENDED);
		assertThat(nobody.closes).isEmpty();
		assertThat(eve.closes).isEmpty();
		assertThat(elsewhere.closes).isEmpty();
	}

	@Test
	void aConnectionThatBeginsWhileAnotherUserLogsInEnds() {
		this.source.onCurrent = () -> {
			logins().sessionIdChanged("s1", "s2");
			logins().loggedIn("s2", () -> "eve");
		};
		assertThat(open("s1", null).closes).containsExactly(Logins.SESSION_ENDED);
	}

	@Test
	void aConnectionThatCannotCloseIsClosedAgainAndOthersAtOnce() {
		logins();
		this.source.current = new Found("ada", "s1", null, null);
		List<String> closes = new ArrayList<>();
		for (String name : List.of("one", "two", "three", "always")) {
			List<CloseStatus> calls = new ArrayList<>();
			this.runs.registry.reserve(null, "ada").closeWithLogin((status) -> {
				calls.add(status);
				if ((calls.size() == 1 && !name.equals("two")) || name.equals("always")) {
					throw new StackOverflowError();
				}
				closes.add(name);
			});
		}
		logins().sessionEnded("s1");
		assertThat(closes).containsExactly("two");
		this.runs.pass(Duration.ofSeconds(2));
		assertThat(closes).containsExactlyInAnyOrder("two", "one", "three");
		assertThat(this.warnings.messages()).hasSize(1);
	}

	@Test
	void aPlaceIsGivenBackThoughTheLoginCannotBeForgotten() {
		Reservation place = this.runs.registry.reserve(null, "ada");
		LiveLogin login = mock();
		willThrow(new StackOverflowError()).given(login).close();
		place.login(login);
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(place::close);
		assertThat(this.runs.registry.reserved()).isZero();
	}

	/** Whichever of the two comes first. */
	@Test
	void aTokenThatWasRenewedInTimeDoesNotExpire() throws Exception {
		logins();
		Instant before = NOON.minus(Duration.ofHours(1));
		ExecutorService threads = Executors.newSingleThreadExecutor();
		try {
			for (int i = 0; i < 5000; i++) {
				List<CloseStatus> closes = new CopyOnWriteArrayList<>();
				this.source.current = new Found("ada", null, null, before);
				Reservation place = this.runs.registry.reserve(null, "ada");
				place.closeWithLogin(closes::add);
				this.runs.nanos.addAndGet(1_000_000_000L);
				CyclicBarrier start = new CyclicBarrier(2);
				Future<?> expiry = threads.submit(() -> {
					start.await(30, TimeUnit.SECONDS);
					this.runs.registry.tick();
					return null;
				});
				start.await(30, TimeUnit.SECONDS);
				boolean renewed = place.login().renew("ada 100000");
				expiry.get(30, TimeUnit.SECONDS);
				assertThat(closes).hasSize(renewed ? 0 : 1);
				place.close();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void messagesKeepNoSessionByDefault() {
		openInStore("s1");
		this.runs.pass(CHECK.plusSeconds(1));
		this.connection.received(Runs.text("hello"));
		this.runs.pass(CHECK);
		assertThat(this.store.calls).containsExactly("exists s1");
	}

	@Test
	void endsAreSwitchedOff() {
		logins(new Logins.Options(false, CHECK, false, false, GRACE));
		FakeTransport one = open("s1", NOON);
		assertThat(logins().size()).isZero();
		logins().sessionEnded("s1");
		this.runs.pass(Duration.ofHours(1));
		assertThat(one.closes).isEmpty();
	}

	private Login login() {
		return this.runs.place.login();
	}

	/** Tokens are {@code <user> <seconds after noon>}. */
	private static final class Source implements LoginSource {

		private Found current = Found.NOTHING;

		private Runnable onCurrent = () -> {
		};

		@Override
		public Found current() {
			Found found = this.current;
			this.onCurrent.run();
			return found;
		}

		@Override
		public @Nullable Found verify(String token) {
			if (token.equals("unknown")) {
				throw new IllegalStateException(token);
			}
			String[] parts = token.split(" ");
			return (parts.length == 2) ? new Found(parts[0], null, null, NOON.plusSeconds(Integer.parseInt(parts[1])))
					: null;
		}

		@Override
		public Found of(Principal user) {
			return new Found(user.getName(), null, null, null);
		}

	}

	private static final class Store implements LoginSource.Sessions {

		private final Set<String> ids = new TreeSet<>();

		private final List<String> calls = new ArrayList<>();

		private final Set<String> unreadable = new TreeSet<>();

		private final List<Boolean> gone = new ArrayList<>();

		private boolean failing;

		private Runnable onTouch = () -> {
		};

		@Override
		public boolean exists(String id) {
			return call("exists", id);
		}

		@Override
		public boolean touch(String id, BooleanSupplier gone) {
			boolean there = call("touch", id);
			this.onTouch.run();
			this.gone.add(gone.getAsBoolean());
			return there;
		}

		private boolean call(String what, String id) {
			this.calls.add(what + " " + id);
			if (this.failing) {
				throw new IllegalStateException("no store");
			}
			if (this.unreadable.contains(id)) {
				throw new NoClassDefFoundError("of an attribute");
			}
			return this.ids.contains(id);
		}

	}

}
