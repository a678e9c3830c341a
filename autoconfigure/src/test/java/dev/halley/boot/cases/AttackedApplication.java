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

package dev.halley.boot.cases;

import java.math.BigInteger;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

/**
 * What {@link AttackTests} attack: pairs as anybody may write them, and some that fail.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({ AttackedApplication.Endpoints.class, AttackedApplication.FuseCodec.class })
class AttackedApplication {

	@Bean
	SecurityFilterChain security(HttpSecurity http) {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
	}

	@RestController
	static class Endpoints {

		private final Hubs hubs;

		private final ConcurrentHashMap<String, Embrace> embraces = new ConcurrentHashMap<>();

		Endpoints(Hubs hubs) {
			this.hubs = hubs;
		}

		@GetMapping("/plain/{number}")
		String plain(@PathVariable int number) {
			return "plain " + number;
		}

		@WebSocketMapping("/echo")
		InOut<String, String> echo() {
			return InOut.flow((messages) -> messages);
		}

		/** 64 MB. */
		@WebSocketMapping("/pours")
		@EventSourceMapping("/pours")
		@CometMapping(path = "/pours", callback = "parent.pour")
		Out<String> pours() {
			return Out.from(Flux.range(0, 1000).map((number) -> "x".repeat(64_000)));
		}

		@WebSocketMapping("/orders")
		InOut<Order, String> orders() {
			return InOut.flow((orders) -> Flux.from(orders).map(Order::toString));
		}

		@WebSocketMapping("/json")
		InOut<JsonNode, String> json() {
			return InOut.flow((trees) -> Flux.from(trees).map((tree) -> "of " + tree.size()));
		}

		/** In a room of any name. */
		@WebSocketMapping("/rooms/{room}")
		InOut<String, String> room(@PathVariable String room) {
			Hub<String> hub = this.hubs.hub("room." + room, String.class);
			return InOut.of(In.forEach(hub::publish), hub.join(room, room, hub.out()));
		}

		/** To rooms of any name. */
		@WebSocketMapping("/publish")
		InOut<String, String> publish() {
			return InOut.flow((rooms) -> Flux.from(rooms).map((room) -> {
				this.hubs.hub("room." + room, String.class).publish(room);
				return room;
			}));
		}

		@WebSocketMapping("/fuses")
		InOut<Fuse, Fuse> fuses() {
			return InOut.flow((fuses) -> fuses);
		}

		@EventSourceMapping("/fuses/{name}")
		@CometMapping(path = "/fuses/{name}", callback = "parent.fuse")
		Out<Fuse> fuses(@PathVariable String name) {
			return Out.of(new Fuse(name));
		}

		/** Two who come to the same pair of locks from different sides never get on. */
		@WebSocketMapping("/locks/{pair}/{side}")
		InOut<String, String> locks(@PathVariable String pair, @PathVariable int side) {
			Embrace embrace = this.embraces.computeIfAbsent(pair, (name) -> new Embrace());
			return InOut.of(In.forEach((text) -> embrace.enter(side)), Out.never());
		}

		/** How many handlers are in a deadlock. */
		long deadlocked() {
			return this.embraces.values().stream().mapToLong((embrace) -> embrace.stuck.size()).sum();
		}

		/** Ends all deadlocks. */
		void free() {
			this.embraces.values().forEach(Embrace::free);
		}

	}

	/**
	 * JSON is read into it.
	 *
	 * @param id any text
	 * @param amount any whole number
	 * @param note any JSON
	 */
	record Order(@Nullable String id, @Nullable BigInteger amount, @Nullable JsonNode note) {
	}

	/**
	 * What no codec can turn into something else, or the other way round, depending on
	 * its name.
	 *
	 * @param name {@code memory-in}, {@code stack-in}, {@code memory-out} or
	 * {@code stack-out}
	 */
	record Fuse(String name) {

		private void burn(String direction) {
			if (this.name.equals("memory-" + direction)) {
				throw new OutOfMemoryError("as if there was none left");
			}
			if (this.name.equals("stack-" + direction)) {
				throw new StackOverflowError("as if it was this deep");
			}
		}

	}

	static class FuseCodec implements MessageCodec<Fuse> {

		@Override
		public Payload encode(Fuse fuse) {
			fuse.burn("out");
			return Payload.text(fuse.name());
		}

		@Override
		public Fuse decode(Payload payload) {
			Fuse fuse = new Fuse(payload.text());
			fuse.burn("in");
			return fuse;
		}

	}

	/** Two locks, taken in both orders. */
	private static final class Embrace {

		private final Lock[] locks = { new ReentrantLock(), new ReentrantLock() };

		private final CountDownLatch taken = new CountDownLatch(2);

		private final Set<Thread> stuck = ConcurrentHashMap.newKeySet();

		private void enter(int side) {
			this.locks[side].lock();
			try {
				this.taken.countDown();
				this.taken.await();
				this.stuck.add(Thread.currentThread());
				this.locks[1 - side].lockInterruptibly();
				this.locks[1 - side].unlock();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			finally {
				leave();
				this.locks[side].unlock();
			}
		}

		private synchronized void leave() {
			this.stuck.remove(Thread.currentThread());
			Thread.interrupted();
		}

		private synchronized void free() {
			this.stuck.forEach(Thread::interrupt);
		}

	}

}
