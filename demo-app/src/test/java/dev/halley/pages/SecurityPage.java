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

package dev.halley.pages;

import java.security.Principal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.stereotype.Controller;
import org.springframework.stereotype.Service;
import reactor.core.publisher.Mono;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.Login;

/**
 * What docs/spring-security.md shows.
 */
final class SecurityPage {

	private SecurityPage() {
	}

	static void pass(HttpSecurity http) {
		// @formatter:off
		http.authorizeHttpRequests((requests) -> requests
			.dispatcherTypeMatchers(DispatcherType.ASYNC).permitAll()
			.anyRequest().authenticated());
		// @formatter:on
	}

	/**
	 * Mapped methods that are guarded.
	 */
	@Controller
	static class AccountController {

		private final Orders orders;

		private final Receipts receipts = new Receipts();

		AccountController(Orders orders) {
			this.orders = orders;
		}

		@WebSocketMapping("/account")
		@PreAuthorize("hasRole('CUSTOMER')")
		InOut<Order, Receipt> account(Principal user) {
			return InOut.of(In.forEach((order) -> this.orders.place(user.getName(), order)), this.receipts.of(user));
		}

	}

	/**
	 * Takes fresh tokens among its messages.
	 */
	@Controller
	static class PriceController {

		private final Prices prices = new Prices();

		@WebSocketMapping("/prices")
		InOut<Request, Price> prices(Login login) {
			return InOut.flow((requests) -> requests.flatMap((request) -> {
				if (request.token() != null) {
					login.renew(request.token());
					return Mono.empty();
				}
				return this.prices.of(request.product());
			}));
		}

	}

	record Request(String product, String token) {
	}

	record Price(String product, long cents) {
	}

	/**
	 * Has prices.
	 */
	static class Prices {

		Mono<Price> of(String product) {
			return Mono.just(new Price(product, 100));
		}

	}

	/**
	 * A service that is guarded.
	 */
	@Service
	static class Messages {

		private final Set<Long> messages = new ConcurrentSkipListSet<>(List.of(1L, 2L));

		@PreAuthorize("hasRole('MODERATOR')")
		void delete(long messageId) {
			this.messages.remove(messageId);
		}

		Set<Long> all() {
			return this.messages;
		}

	}

	/**
	 * A service that is called by handlers.
	 */
	@Service
	static class Orders {

		private final Messages messages;

		Orders(Messages messages) {
			this.messages = messages;
		}

		void place(String user, Order order) {
			this.messages.delete(order.messageId());
		}

	}

	/**
	 * Has receipts.
	 */
	static class Receipts {

		Out<Receipt> of(Principal user) {
			return Out.of(new Receipt(user.getName())).andThen(Out.never());
		}

	}

	/**
	 * What a filter of tokens does.
	 */
	static class Saving {

		final RequestAttributeSecurityContextRepository repository = new RequestAttributeSecurityContextRepository();

		void save(Authentication authentication, HttpServletRequest request, HttpServletResponse response) {
			SecurityContext context = SecurityContextHolder.createEmptyContext();
			context.setAuthentication(authentication);
			SecurityContextHolder.setContext(context);
			this.repository.saveContext(context, request, response); // a
																		// RequestAttributeSecurityContextRepository
		}

	}

	record Order(long messageId) {
	}

	record Receipt(String user) {
	}

}
