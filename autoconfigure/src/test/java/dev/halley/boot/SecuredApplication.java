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

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import dev.halley.Channel;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.comet.Comet;

/**
 * An application whose pairs call a service with method security wherever a pair may call
 * anything.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableMethodSecurity
@Import({ SecuredApplication.Controller.class, SecuredApplication.Service.class })
class SecuredApplication {

	@Bean
	SecurityFilterChain security(HttpSecurity http) {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
			.httpBasic(Customizer.withDefaults())
			.build();
	}

	@Bean
	InMemoryUserDetailsManager users() {
		return new InMemoryUserDetailsManager(User.withUsername("ada").password("{noop}secret").roles("ADMIN").build(),
				User.withUsername("eve").password("{noop}secret").roles("ADMIN").build(),
				User.withUsername("bob").password("{noop}secret").roles("USER").build());
	}

	@Bean
	ThreadContexts threadContexts() {
		return new ThreadContexts();
	}

	@Bean
	Seen seen() {
		return new Seen(new ConcurrentHashMap<>(), new LinkedBlockingQueue<>());
	}

	/** Whom the service took the callers for, by the place that called it. */
	record Seen(Map<String, BlockingQueue<String>> users, BlockingQueue<Channel<String>> channels) {

		BlockingQueue<String> at(String place) {
			return this.users.computeIfAbsent(place, (missing) -> new LinkedBlockingQueue<>());
		}

		String next(String place) throws InterruptedException {
			return at(place).poll(30, TimeUnit.SECONDS);
		}

	}

	static class Service {

		private final SecurityContextHolderStrategy contexts;

		Service(SecurityContextHolderStrategy contexts) {
			this.contexts = contexts;
		}

		@PreAuthorize("hasRole('ADMIN')")
		String user() {
			Authentication authentication = this.contexts.getContext().getAuthentication();
			return (authentication != null) ? authentication.getName() : "nobody";
		}

		/** What a careless application does. */
		void logOut() {
			this.contexts.getContext().setAuthentication(null);
		}

	}

	@RestController
	static class Controller {

		private final Service service;

		private final Seen seen;

		private final Hubs hubs;

		Controller(Service service, Seen seen, Hubs hubs) {
			this.service = service;
			this.seen = seen;
			this.hubs = hubs;
		}

		private String see(String place) {
			String user;
			try {
				user = this.service.user();
			}
			catch (RuntimeException ex) {
				user = ex.getClass().getSimpleName();
			}
			this.seen.at(place).add(user);
			return user;
		}

		@WebSocketMapping("/ask")
		InOut<String, String> ask() {
			return InOut.flow((words) -> words.map((word) -> this.service.user()));
		}

		@WebSocketMapping("/guarded")
		InOut<String, String> guarded() {
			return InOut.of(In.forEach((word) -> this.service.user()), Out.never());
		}

		@WebSocketMapping("/orders")
		InOut<Order, String> orders() {
			return InOut.of(In.forEach((order) -> see("orders")), Out.never());
		}

		@WebSocketMapping("/handlers")
		InOut<String, String> handlers() {
			In<String> in = In.forEach((word) -> {
				see("handler");
				if (word.equals("log out")) {
					this.service.logOut();
				}
				if (word.equals("fail")) {
					throw new IllegalStateException(word);
				}
			});
			return InOut.of(in.whenDone(() -> see("whenDone")), Out.never());
		}

		@MessageExceptionHandler
		String failed(IllegalStateException ex) {
			return "failed as " + see("exceptionHandler");
		}

		@WebSocketMapping("/async")
		InOut<String, String> async() {
			return InOut.of(In.forEachAsync((word) -> {
				see("asyncHandler");
				return ReactiveSecurityContextHolder.getContext()
					.doOnNext((context) -> this.seen.at("reactorContext").add(context.getAuthentication().getName()))
					.delayElement(Duration.ofMillis(10), Schedulers.parallel())
					.then(Mono.error(() -> new IllegalStateException(word)));
			}), Out.never());
		}

		@WebSocketMapping("/through")
		InOut<String, String> through() {
			In<String> in = In.<String>through((words) -> words.doOnNext((word) -> see("through"))
				.delayElements(Duration.ofMillis(10), Schedulers.parallel())
				.concatMap((word) -> ReactiveSecurityContextHolder.getContext())
				.doOnNext((context) -> this.seen.at("reactorContext").add(context.getAuthentication().getName())));
			return InOut.of(in.whenDone(() -> see("whenDone")), Out.never());
		}

		@WebSocketMapping("/fold")
		InOut<String, String> fold() {
			return InOut.of(In.fold("", (all, word) -> all + see("folder"), (all) -> see("foldDone")), Out.never());
		}

		@WebSocketMapping("/hub")
		InOut<String, String> hub() {
			In<String> in = In.forEach((word) -> this.hubs.hub("words", String.class).publish(word));
			return InOut.of(in,
					this.hubs.hub("words", String.class)
						.out((word) -> !see("filter").isEmpty())
						.map((word) -> word + " for " + see("map")));
		}

		@WebSocketMapping("/sources")
		@EventSourceMapping("/sources")
		@CometMapping(path = "/sources", callback = "tick")
		Out<String> sources() {
			return Out.<String>of()
				.andThen(Out.from(Mono.delay(Duration.ofMillis(1)).map((tick) -> "tick")))
				.andThen(Out.from(Flux.defer(() -> Mono.just(see("subscribe")))))
				.map((user) -> user + ", " + see("mapAfterTimer"))
				.andThen(Out.<String>generate(() -> Optional.of(see("generate"))).through((users) -> users.take(2)))
				.andThen(Out.<String>every(Duration.ofMillis(1), () -> see("every"))
					.through((users) -> users.take(2).publishOn(Schedulers.parallel())))
				.map((user) -> "I am " + see("mapAfterHop"))
				.andThen(Out
					.from(Flux.<String>never().doOnRequest((n) -> see("request")).doOnCancel(() -> see("cancel"))));
		}

		@WebSocketMapping("/unicast")
		@EventSourceMapping("/unicast")
		@CometMapping(path = "/unicast", callback = "tick")
		Out<String> unicast() {
			return Out.<String>unicast((channel) -> {
				see("onStart");
				channel.onEnd(() -> see("onEnd"));
				this.seen.channels().add(channel);
			}).map((word) -> word + " for " + see("pushed"));
		}

		@WebSocketMapping("/endless")
		@EventSourceMapping("/endless")
		@CometMapping(path = "/endless", callback = "tick")
		Out<String> endless() {
			return Out.generate(() -> Optional.of("x".repeat(1000)));
		}

		@GetMapping("/helper")
		ResponseBodyEmitter helper() {
			return Comet.callback("tick").emit(unicast());
		}

		@WebSocketMapping("/late/mono")
		Mono<InOut<String, String>> lateMono() {
			return Mono.delay(Duration.ofMillis(1)).map((tick) -> ask());
		}

		@WebSocketMapping("/late/stage")
		CompletionStage<InOut<String, String>> lateStage() {
			return CompletableFuture.supplyAsync(this::ask);
		}

		@WebSocketMapping("/late/callable")
		Callable<InOut<String, String>> lateCallable() {
			return this::ask;
		}

	}

	record Order(int id) {
	}

}
