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

package dev.halley.boot;

import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.SessionAttribute;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketMessage;
import reactor.core.publisher.Flux;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;

/**
 * An application with a pair of each kind, for tests on real servers.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableMethodSecurity
@Import({ LiveApplication.LiveController.class, LiveApplication.GuardedController.class, LiveApplication.Advice.class })
class LiveApplication {

	@Bean
	SecurityFilterChain security(HttpSecurity http) {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.httpBasic(Customizer.withDefaults())
			.build();
	}

	@Bean
	InMemoryUserDetailsManager users() {
		return new InMemoryUserDetailsManager(User.withUsername("ada").password("{noop}secret").roles("ADMIN").build(),
				User.withUsername("bob").password("{noop}secret").roles("USER").build());
	}

	@Bean
	Heard heard() {
		return new Heard(new LinkedBlockingQueue<>());
	}

	/** What the endpoints were told. */
	record Heard(BlockingQueue<String> words) {
	}

	@RestController
	static class LiveController {

		private final Hubs hubs;

		private final Heard heard;

		LiveController(Hubs hubs, Heard heard) {
			this.hubs = hubs;
			this.heard = heard;
		}

		@WebSocketMapping("/hello")
		InOut<String, String> hello() {
			In<String> in = In.<String>forEach(this.heard.words()::add)
				.whenDone(() -> this.heard.words().add("Disconnected"));
			return InOut.of(in, Out.of("Hello!"));
		}

		@GetMapping("/hello")
		String plainHello() {
			return "Hello over HTTP!";
		}

		@WebSocketMapping("/bye")
		InOut<String, String> bye() {
			return InOut.of(In.ignore(), Out.of("Hello!").andThen(Out.eof()));
		}

		@WebSocketMapping("/echo")
		InOut<WebSocketMessage<?>, WebSocketMessage<?>> echo() {
			return InOut.flow((messages) -> messages);
		}

		@WebSocketMapping("/rooms/{room}")
		InOut<Say, Said> room(@PathVariable String room, @RequestParam String name) {
			Hub<Said> hub = this.hubs.hub(room, Said.class);
			return InOut.of(In.forEach((say) -> hub.publish(new Said(name, say.text()))), hub.out());
		}

		@WebSocketMapping("/strict")
		InOut<@Valid Say, Said> strict() {
			return InOut.of(In.forEach((say) -> this.heard.words().add(say.text())), Out.never());
		}

		@WebSocketMapping("/sums")
		InOut<List<Integer>, Integer> sums() {
			return InOut.flow((terms) -> terms.map((list) -> list.stream().mapToInt(Integer::intValue).sum()));
		}

		@WebSocketMapping("/flood")
		Out<byte[]> flood() {
			return Out.generate(() -> {
				this.heard.words().add("made");
				return Optional.of(new byte[32_000]);
			});
		}

		/** Slower than any client, so that no write ever has to wait. */
		@WebSocketMapping("/endless")
		InOut<String, String> endless() {
			Flux<String> ticks = Flux.generate((sink) -> {
				LockSupport.parkNanos(100_000);
				sink.next("tick");
			});
			return InOut.of(In.forEach(this.heard.words()::add), Out.from(ticks));
		}

		@WebSocketMapping("/failing")
		InOut<String, String> failing() {
			return InOut.of(In.forEach(LiveController::fail), Out.never());
		}

		static void fail(String how) {
			switch (how) {
				case "argument" -> throw new IllegalArgumentException(how);
				case "state" -> throw new IllegalStateException(how);
				case "recursion" -> fail(how);
				case "close" -> throw new UnsupportedOperationException(how);
				default -> throw new ArithmeticException(how);
			}
		}

		@MessageExceptionHandler
		String handle(IllegalArgumentException ex, @Payload String message) {
			return "controller: " + message;
		}

		@MessageExceptionHandler
		CloseStatus handle(UnsupportedOperationException ex) {
			return new CloseStatus(4001, "as you like");
		}

		@WebSocketMapping("/session")
		Out<String> session(@SessionAttribute String planet) {
			return Out.of(planet);
		}

		@GetMapping("/login")
		String login(HttpSession session) {
			session.setAttribute("planet", "Neptune");
			return session.getId();
		}

		@WebSocketMapping("/address")
		Out<String> address(HttpServletRequest request) {
			return Out.of(request.getScheme() + " " + request.getServerName() + " " + request.getRemoteAddr());
		}

	}

	@RestController
	static class GuardedController {

		@PreAuthorize("hasRole('ADMIN')")
		@WebSocketMapping("/guarded")
		Out<String> guarded(Principal user) {
			return Out.of("Hello, " + user.getName());
		}

	}

	@ControllerAdvice
	static class Advice {

		@MessageExceptionHandler
		String handle(IllegalStateException ex) {
			return "advice: " + ex.getMessage();
		}

		@MessageExceptionHandler
		String worse(IllegalArgumentException ex) {
			return "advice, though the controller has one";
		}

	}

	record Say(@NotBlank @Size(max = 20) String text) {
	}

	record Said(String from, String text) {
	}

}
