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

package dev.halley.websocket.engine;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PoolTests {

	private final List<String> log = new ArrayList<>();

	private final Pool<String> pool = new Pool<>(2, this::make, (one) -> this.log.add("reset " + one),
			(one) -> this.log.add("end " + one));

	private int made;

	@Test
	void makesOneOnlyIfNoneIsIdle() {
		String first = this.pool.borrow();
		String second = this.pool.borrow();
		assertThat(List.of(first, second)).containsExactly("1", "2");
		this.pool.giveBack(second);
		assertThat(this.pool.borrow()).isSameAs(second);
		assertThat(this.made).isEqualTo(2);
	}

	@Test
	void resetsWhatComesBack() {
		this.pool.giveBack(this.pool.borrow());
		assertThat(this.log).containsExactly("reset 1");
	}

	@Test
	void endsWhatIsTooMuch() {
		List<String> borrowed = List.of(this.pool.borrow(), this.pool.borrow(), this.pool.borrow());
		borrowed.forEach(this.pool::giveBack);
		assertThat(this.log).containsExactly("reset 1", "reset 2", "reset 3", "end 3");
		assertThat(this.pool.idle()).isEqualTo(2);
	}

	@Test
	void closingEndsTheIdleOnes() {
		this.pool.giveBack(this.pool.borrow());
		this.pool.close();
		assertThat(this.log).containsExactly("reset 1", "end 1");
		assertThat(this.pool.idle()).isZero();
	}

	@Test
	void afterClosingWhatComesBackIsEnded() {
		String lent = this.pool.borrow();
		this.pool.close();
		this.pool.giveBack(lent);
		assertThat(this.log).containsExactly("reset 1", "end 1");
	}

	@Test
	void aLeaseThatIsNotKeptGivesBackAfterEachMessage() {
		Lease<String> lease = new Lease<>(this.pool, false);
		lease.done(lease.take());
		assertThat(this.pool.idle()).isEqualTo(1);
		lease.close();
		assertThat(this.log).containsExactly("reset 1");
	}

	@Test
	void aLeaseThatIsKeptGivesBackOnceWhenItIsClosed() {
		Lease<String> lease = new Lease<>(this.pool, true);
		String first = lease.take();
		lease.done(first);
		assertThat(lease.take()).isSameAs(first);
		assertThat(this.pool.idle()).isZero();
		lease.close();
		lease.close();
		assertThat(this.log).containsExactly("reset 1");
		assertThat(this.pool.idle()).isEqualTo(1);
	}

	@Test
	void aLeaseThatWasNeverUsedGivesNothingBack() {
		new Lease<>(this.pool, true).close();
		assertThat(this.made).isZero();
		assertThat(this.log).isEmpty();
	}

	private String make() {
		return String.valueOf(++this.made);
	}

}
