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
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;

import dev.halley.connection.LoginSource.Found;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Connections end with their tokens, unless they are given fresh ones.
 */
class TokenTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final LoginRuns runs = new LoginRuns();

	@Test
	void aConnectionEndsWithItsTokenAndTheGrace() {
		FakeTransport one = this.runs.open(null, LoginRuns.NOON.plusSeconds(5));
		FakeTransport forEver = this.runs.open(null, null);
		this.runs.pass(Duration.ofSeconds(64));
		assertThat(one.closes).isEmpty();
		this.runs.pass(Duration.ofSeconds(3));
		assertThat(one.closes).containsExactly(Logins.TOKEN_EXPIRED);
		assertThat(forEver.closes).isEmpty();
		assertThat(this.runs.logins().size()).isZero();
	}

	@Test
	void aFreshTokenMovesTheEnd() {
		FakeTransport one = this.runs.open(null, LoginRuns.NOON.plusSeconds(5));
		assertThat(this.runs.login().renew("ada 300")).isTrue();
		assertThat(this.runs.login().expiresAt()).isEqualTo(LoginRuns.NOON.plusSeconds(300));
		this.runs.pass(Duration.ofSeconds(359));
		assertThat(one.closes).isEmpty();
		this.runs.pass(Duration.ofSeconds(3));
		assertThat(one.closes).containsExactly(Logins.TOKEN_EXPIRED);
	}

	@Test
	void aFreshTokenThatDoesNotExpireEndsNothing() {
		FakeTransport one = this.runs.open(null, LoginRuns.NOON.plusSeconds(5));
		assertThat(this.runs.login().renew(() -> "ada")).isTrue();
		assertThat(this.runs.logins().size()).isZero();
		this.runs.pass(Duration.ofHours(1));
		assertThat(one.closes).isEmpty();
	}

	/** Whichever of the two comes first. */
	@Test
	void aTokenThatWasRenewedInTimeDoesNotExpire() throws Exception {
		Instant before = LoginRuns.NOON.minus(Duration.ofHours(1));
		ExecutorService threads = Executors.newSingleThreadExecutor();
		try {
			for (int i = 0; i < 5000; i++) {
				List<CloseStatus> closes = new CopyOnWriteArrayList<>();
				Reservation place = this.runs.reserve(new Found("ada", null, null, before));
				place.closeWithLogin(closes::add);
				this.runs.nanos().addAndGet(1_000_000_000L);
				CyclicBarrier start = new CyclicBarrier(2);
				Future<?> expiry = threads.submit(() -> {
					start.await(30, TimeUnit.SECONDS);
					this.runs.registry().tick();
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
	void aTokenOfAnotherUserEndsTheConnection() {
		FakeTransport one = this.runs.open(null, LoginRuns.NOON.plusSeconds(5));
		assertThat(this.runs.login().renew("eve 300")).isFalse();
		assertThat(one.closes).containsExactly(Logins.TOKEN_REFUSED);
		assertThat(this.runs.login().renew("ada 300")).isFalse();
		assertThat(this.runs.login().expiresAt()).isEqualTo(LoginRuns.NOON.plusSeconds(5));
	}

	@Test
	void aTokenThatIsNotValidEndsTheConnection() {
		FakeTransport one = this.runs.open(null, LoginRuns.NOON.plusSeconds(5));
		assertThat(this.runs.login().renew("bad")).isFalse();
		assertThat(one.closes).containsExactly(Logins.TOKEN_REFUSED);
	}

	@Test
	void whoIsNobodyBecomesNobodyElse() {
		FakeTransport one = this.runs.open(Found.NOTHING);
		assertThat(this.runs.login().renew("ada 300")).isFalse();
		assertThat(one.closes).containsExactly(Logins.TOKEN_REFUSED);
	}

	@Test
	void aTokenThatCannotBeVerifiedNowChangesNothing() {
		FakeTransport one = this.runs.open(null, LoginRuns.NOON.plusSeconds(5));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.runs.login().renew("unknown"));
		assertThat(one.closes).isEmpty();
		assertThat(this.runs.login().expiresAt()).isEqualTo(LoginRuns.NOON.plusSeconds(5));
	}

	@Test
	void aFreshTokenForAConnectionThatIsGoneIsNotKept() {
		Reservation reservation = this.runs.reserve(new Found("ada", null, null, LoginRuns.NOON));
		reservation.close();
		assertThat(reservation.login().renew("ada 300")).isFalse();
		assertThat(this.runs.logins().size()).isZero();
	}

}
