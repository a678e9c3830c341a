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

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors;
import org.springframework.security.web.SecurityFilterChain;

import dev.halley.connection.LoginSource;
import dev.halley.pages.SecurityPage.AccountController;
import dev.halley.pages.SecurityPage.Messages;
import dev.halley.pages.SecurityPage.Order;
import dev.halley.pages.SecurityPage.Price;
import dev.halley.pages.SecurityPage.PriceController;
import dev.halley.pages.SecurityPage.Receipt;
import dev.halley.pages.SecurityPage.Request;
import dev.halley.test.HalleyTest;
import dev.halley.test.PairTester;
import dev.halley.test.PairTesters;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs what docs/spring-security.md shows, with a slice that has Spring Security.
 */
@HalleyTest(controllers = { AccountController.class, PriceController.class },
		properties = "spring.autoconfigure.exclude=")
@Import({ AccountController.class, PriceController.class, SecurityPage.Orders.class, Messages.class })
class SecurityPageTests {

	@Autowired
	private PairTesters testers;

	@Autowired
	private Messages messages;

	@Test
	void whoIsNobodyIsRefused() {
		assertThat(this.testers.refusal("/account").status()).isEqualTo(403);
	}

	@Test
	@WithMockUser(roles = "USER")
	void whoHasNoRoleIsRefused() {
		assertThat(this.testers.refusal("/account").status()).isEqualTo(403);
	}

	@Test
	void whatAServiceDeniesEndsTheConnection() {
		open("ada", "CUSTOMER").expect(new Receipt("ada")).send(new Order(1)).expectClose(1008);
		open("bob", "CUSTOMER", "MODERATOR").expect(new Receipt("bob")).send(new Order(2)).close();
		assertThat(this.messages.all()).containsExactly(1L);
	}

	private PairTester<Order, Receipt> open(String user, String... roles) {
		return this.testers.with(SecurityMockMvcRequestPostProcessors.user(user).roles(roles))
			.webSocket("/account", Order.class, Receipt.class);
	}

	@Test
	void aFreshTokenComesAsAMessage() {
		this.testers.with(SecurityMockMvcRequestPostProcessors.user("ada"))
			.webSocket("/prices", Request.class, Price.class)
			.send(new Request("tea", null))
			.expect(new Price("tea", 100))
			.send(new Request(null, "ada's fresh token"))
			.send(new Request("tea", null))
			.expect(new Price("tea", 100))
			.send(new Request(null, "eve's token"))
			.expectClose(1008);
	}

	@Test
	void aFilterSavesTheContext() {
		MockHttpServletRequest request = new MockHttpServletRequest();
		SecurityPage.Saving saving = new SecurityPage.Saving();
		saving.save(new TestingAuthenticationToken("ada", ""), request, new MockHttpServletResponse());
		SecurityContextHolder.clearContext();
		assertThat(saving.repository.loadDeferredContext(request).get().getAuthentication().getName()).isEqualTo("ada");
	}

	@TestConfiguration(proxyBeanMethods = false)
	@EnableMethodSecurity(proxyTargetClass = true)
	static class Rules {

		/** Whose token it is, is what it begins with. */
		@Bean
		LoginSource logins() {
			return new LoginSource() {

				@Override
				public Found current() {
					return new Found("ada", null, null, null);
				}

				@Override
				public Found verify(String token) {
					return new Found(token.split("'")[0], null, null, null);
				}

				@Override
				public Found of(Principal user) {
					return new Found(user.getName(), null, null, null);
				}

			};
		}

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			SecurityPage.pass(http);
			return http.build();
		}

	}

}
