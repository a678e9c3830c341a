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

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import org.jspecify.annotations.NullMarked;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.Configuration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The shape of the auto-configuration: the conventions of Spring Boot's own modules.
 */
@AnalyzeClasses(packages = "dev.halley.boot", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	/**
	 * Where an auto-configuration may be named by its class, since it is always there.
	 */
	private static final List<String> REQUIRED = List.of("dev.halley.", "org.springframework.boot.autoconfigure.",
			"org.springframework.boot.webmvc.", "org.springframework.boot.servlet.");

	@ArchTest
	static final ArchRule packagesAreFreeOfCycles = slices().matching("(**)").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule autoConfigurationsArePublicAndFinalAndNothingElseOfThemIsPublic = autoConfigurations()
		.should()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL)
		.andShould(be("without public members", ArchitectureTests::isWithoutPublicMembers))
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule autoConfigurationsNameOptionalOnesByString = autoConfigurations()
		.should(be("ordered by 'afterName' and 'beforeName' where the other may be missing",
				ArchitectureTests::namesOnlyRequiredOnesByClass))
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule autoConfigurationsHaveASwitchThatIsOnByDefault = autoConfigurations()
		.should(be("switched by 'halley.….enabled', on by default", ArchitectureTests::isSwitchedOnByDefault))
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule nestedConfigurationsAreStaticAndNotProxied = classes().that()
		.areAnnotatedWith(Configuration.class)
		.should()
		.haveModifier(JavaModifier.STATIC)
		.andShould()
		.notBePublic()
		.andShould(be("proxyBeanMethods = false",
				(type) -> !type.getAnnotationOfType(Configuration.class).proxyBeanMethods()))
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule beanMethodsArePackagePrivate = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.bePackagePrivate()
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule beansAreNotOfPrivateTypes = noMethods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.haveRawReturnType(describedAs("private", (type) -> type.getModifiers().contains(JavaModifier.PRIVATE)))
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule beansAreConditionalOnClassesOnlyByTheirConfiguration = noMethods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.beAnnotatedWith(ConditionalOnClass.class)
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule postProcessorsComeFromStaticMethods = methods().that()
		.areAnnotatedWith(Bean.class)
		.and()
		.haveRawReturnType(describedAs("a post processor",
				(type) -> type.isAssignableTo(BeanPostProcessor.class)
						|| type.isAssignableTo(BeanFactoryPostProcessor.class)))
		.should()
		.beStatic()
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule conditionsAndFailureAnalyzersArePackagePrivate = classes().that()
		.areAssignableTo(Condition.class)
		.or()
		.areAssignableTo(FailureAnalyzer.class)
		.should()
		.notBePublic()
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule propertiesAreRecordsUnderOnePrefix = classes().that()
		.areAnnotatedWith(ConfigurationProperties.class)
		.should()
		.beRecords()
		.andShould(be("under 'halley'", ArchitectureTests::isUnderOnePrefix))
		.allowEmptyShould(true);

	@ArchTest
	static void autoConfigurationsAreAllRegisteredInOrder(JavaClasses classes) {
		List<String> registered = ImportCandidates
			.load(AutoConfiguration.class, ArchitectureTests.class.getClassLoader())
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("dev.halley."))
			.toList();
		assertThat(registered).isSorted()
			.containsExactlyInAnyOrderElementsOf(classes.stream()
				.filter((type) -> type.isAnnotatedWith(AutoConfiguration.class))
				.map(JavaClass::getName)
				.toList());
	}

	@ArchTest
	static void everyPackageIsNullMarked(JavaClasses classes) {
		assertThat(classes).extracting(JavaClass::getPackage)
			.allSatisfy((javaPackage) -> assertThat(javaPackage.isAnnotatedWith(NullMarked.class))
				.as(javaPackage.getName() + " is @NullMarked")
				.isTrue());
	}

	@ArchTest
	static void atMostHalfOfTheTypesArePublic(JavaClasses classes) {
		List<JavaClass> types = classes.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
			.toList();
		assertThat(types).filteredOn((type) -> type.getModifiers().contains(JavaModifier.PUBLIC))
			.as("public of %s types", types.size())
			.hasSizeLessThanOrEqualTo((types.size() + 1) / 2);
	}

	private static GivenClassesConjunction autoConfigurations() {
		return classes().that().areAnnotatedWith(AutoConfiguration.class);
	}

	private static ArchCondition<JavaClass> be(String description, Predicate<JavaClass> predicate) {
		return ArchCondition.from(describedAs("be " + description, predicate));
	}

	private static DescribedPredicate<JavaClass> describedAs(String description, Predicate<JavaClass> predicate) {
		return DescribedPredicate.describe(description, predicate);
	}

	private static boolean isWithoutPublicMembers(JavaClass type) {
		return type.getMembers()
			.stream()
			.filter((member) -> !(member instanceof JavaConstructor))
			.noneMatch((member) -> member.getModifiers().contains(JavaModifier.PUBLIC));
	}

	private static boolean namesOnlyRequiredOnesByClass(JavaClass type) {
		AutoConfiguration annotation = type.getAnnotationOfType(AutoConfiguration.class);
		return Stream.of(annotation.after(), annotation.before())
			.flatMap(Stream::of)
			.allMatch((other) -> REQUIRED.stream().anyMatch((prefix) -> other.getName().startsWith(prefix)));
	}

	private static boolean isSwitchedOnByDefault(JavaClass type) {
		ConditionalOnBooleanProperty[] switches = type.reflect()
			.getAnnotationsByType(ConditionalOnBooleanProperty.class);
		return switches.length > 0 && Stream.of(switches).allMatch(ArchitectureTests::isOnByDefault);
	}

	private static boolean isOnByDefault(ConditionalOnBooleanProperty annotation) {
		String prefix = annotation.prefix().isEmpty() ? "" : annotation.prefix() + ".";
		return annotation.matchIfMissing() && Stream.of(annotation.name(), annotation.value())
			.flatMap(Stream::of)
			.allMatch((name) -> (prefix + name).matches("halley\\.(.+\\.)?enabled"));
	}

	private static boolean isUnderOnePrefix(JavaClass type) {
		ConfigurationProperties annotation = type.getAnnotationOfType(ConfigurationProperties.class);
		return (annotation.prefix() + annotation.value()).matches("halley(\\..+)?");
	}

}
